package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.Sweeper;
import us.kbase.caching.metrics.Meters;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** What an operator sees of sweeps is what came of them. */
class SweepMetricsTest extends OnRawS3 {

    private static final String S3 = "x-amz-request-id: 1\r\n";
    private static final String REFUSED = "<Error><Code>AccessDenied</Code></Error>";
    private static final String UPLOADED = "a".repeat(128);

    /** Expired placeholders: the store lets them go, knows another version of them, or does not let anybody look at them. */
    private static final List<String> KEYS = List.of("gone1", "gone2", "gone3", "changed1", "changed2", "hidden1");

    private final Meters meters = new Meters();
    private Sweeper sweeper;
    private volatile boolean listsObjects = true;

    @BeforeEach
    void open() {
        server.answer(this::answer);
        sweeper = loop.call(() -> Future.succeededFuture(new Sweeper(
                vertx,
                store,
                new StoreTime(InstantSource.system()),
                () -> Future.succeededFuture(true),
                new Sweeper.Settings(Duration.ofDays(1), Duration.ofDays(1)))));
        meters.show(ShownMetrics.of(sweeper.tally()));
    }

    @AfterEach
    void closeMeters() {
        meters.close();
    }

    private Told answer(Asked asked) {
        String line = asked.line();
        if (line.contains("uploadId=")) {
            return ofAnUpload(asked);
        }
        if (line.contains("uploads")) {
            return uploads();
        }
        if (asked.is("HEAD")) {
            return line.contains("hidden") ? Told.of("HTTP/1.1 403 X\r\n" + S3, Buffer.buffer()) : head(line);
        }
        if (asked.is("PUT")) {
            return line.contains("changed")
                    ? Told.of(412, S3, "<Error><Code>PreconditionFailed</Code></Error>")
                    : Told.of(200, S3 + "ETag: \"t\"\r\n", "");
        }
        if (asked.is("DELETE")) {
            return Told.of("HTTP/1.1 204 X\r\n" + S3, Buffer.buffer());
        }
        return listsObjects ? objects() : Told.of(403, S3, REFUSED);
    }

    private static Told head(String line) {
        String date = "Date: " + RawS3.date() + "\r\n";
        return line.contains(UPLOADED)
                ? Told.of("HTTP/1.1 404 X\r\n" + date + S3 + "Content-Length: 0\r\n", Buffer.buffer())
                : Told.of(
                        "HTTP/1.1 200 X\r\n" + date + S3 + "ETag: \"e\"\r\nContent-Length: 48\r\n"
                                + "x-amz-meta-expiration: 1000000000\r\nx-amz-meta-filename: placeholder\r\n"
                                + "x-amz-meta-token_id: url:alice\r\n",
                        Buffer.buffer());
    }

    private static Told objects() {
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        KEYS.forEach(key -> xml.append("<Contents><Key>")
                .append(key)
                .append("</Key><LastModified>2020-01-01T00:00:00Z</LastModified></Contents>"));
        return Told.of(200, S3, xml.append("</ListBucketResult>").toString());
    }

    private static Told uploads() {
        StringBuilder xml = new StringBuilder("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>");
        List.of("left1", "left2", "left3", "left4", "hidden")
                .forEach(id -> xml.append("<Upload><Key>")
                        .append(UPLOADED)
                        .append("</Key><UploadId>")
                        .append(id)
                        .append("</UploadId><Initiated>2020-01-01T00:00:00Z</Initiated></Upload>"));
        return Told.of(200, S3, xml.append("</ListMultipartUploadsResult>").toString());
    }

    private static Told ofAnUpload(Asked asked) {
        if (asked.is("DELETE")) {
            return Told.of("HTTP/1.1 204 X\r\n" + S3, Buffer.buffer());
        }
        String id = asked.line().replaceFirst(".*uploadId=([a-z0-9]+).*", "$1");
        return id.equals("hidden")
                ? Told.of(403, S3, REFUSED)
                : Told.of(
                        200,
                        S3,
                        "<ListPartsResult><UploadId>" + id + "</UploadId><IsTruncated>false</IsTruncated>"
                                + "</ListPartsResult>");
    }

    private void sweep(SweepOptions.Effect effect) {
        assertTrue(sweeper.begin(effect, SweepOptions.Stops.HEED));
        Await.until("the sweep's end", () -> !sweeper.state().running());
    }

    private double shown(String series) {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private List<Double> swept() {
        return List.of("removed", "spared", "failed", "aborted").stream()
                .map(kind -> shown("caching_swept_total{kind=\"" + kind + "\"}"))
                .toList();
    }

    @Test
    void eachOutcomeIsCountedUnderItsOwnKind() {
        sweep(SweepOptions.Effect.REMOVE);
        assertEquals(List.of(3.0, 2.0, 2.0, 4.0), swept());
        sweep(SweepOptions.Effect.REMOVE);
        assertEquals(List.of(6.0, 4.0, 4.0, 8.0), swept());
    }

    @Test
    void aSweepThatSawEverythingTellsWhenItEnded() {
        assertEquals(0, shown("caching_sweep_ended_seconds"));
        long before = Instant.now().getEpochSecond();
        sweep(SweepOptions.Effect.REMOVE);
        double ended = shown("caching_sweep_ended_seconds");
        assertTrue(before <= ended && ended <= Instant.now().getEpochSecond(), ended + " and not from " + before);
    }

    @Test
    void aSweepThatEndsEarlyTellsWhatItDidAndNoEnd() {
        listsObjects = false;
        sweep(SweepOptions.Effect.REMOVE);
        assertEquals(List.of(0.0, 0.0, 1.0, 4.0), swept());
        assertEquals(0, shown("caching_sweep_ended_seconds"));
    }

    @Test
    void aSweepThatOnlyCountsTellsNothing() {
        sweep(SweepOptions.Effect.COUNT);
        assertEquals(List.of(0.0, 0.0, 0.0, 0.0), swept());
        assertEquals(0, shown("caching_sweep_ended_seconds"));
    }
}
