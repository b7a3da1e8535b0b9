package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** Abandoned uploads are found on every page that the server makes, however small it makes them. */
class AbandonedUploadsTest extends OnRawS3 {

    private static final String S3 = "x-amz-request-id: 1\r\n";
    private static final int UPLOADS = 5;
    private static final int PER_PAGE = 2;

    private final List<String> ids =
            IntStream.rangeClosed(1, UPLOADS).mapToObj(number -> "id" + number).toList();
    private volatile String alive = "";
    private volatile String wrong = "";

    @BeforeEach
    void answer() {
        server.answer(asked -> answer(asked, marker(asked)));
    }

    private Told answer(Asked asked, int after) {
        if (asked.is("HEAD")) {
            return Told.of("HTTP/1.1 404 X\r\n" + S3 + "Content-Length: 0\r\n", Buffer.buffer());
        }
        if (asked.is("DELETE")) {
            return Told.of("HTTP/1.1 204 X\r\n" + S3, Buffer.buffer());
        }
        if (asked.line().contains("uploadId=")) {
            return parts(asked);
        }
        return asked.line().contains("uploads")
                ? page(after)
                : Told.of(200, S3, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
    }

    /** How many uploads the asked page follows. */
    private int marker(Asked asked) {
        return IntStream.range(0, UPLOADS)
                .filter(i -> asked.line().contains("upload-id-marker=" + ids.get(i)))
                .map(i -> i + 1)
                .findFirst()
                .orElse(0);
    }

    private Told page(int after) {
        StringBuilder xml = new StringBuilder("<ListMultipartUploadsResult>");
        int end = Math.min(UPLOADS, after + PER_PAGE);
        for (String id : ids.subList(after, end)) {
            xml.append("<Upload><Key>").append("a".repeat(128)).append("</Key><UploadId>");
            xml.append(id).append("</UploadId><Initiated>2020-01-01T00:00:00Z</Initiated></Upload>");
        }
        xml.append("<IsTruncated>").append(end < UPLOADS).append("</IsTruncated>");
        return Told.of(200, S3, xml.append("</ListMultipartUploadsResult>").toString());
    }

    /** Of a part each, behind the first of two pages. */
    private Told parts(Asked asked) {
        String id = ids.stream()
                .filter(each -> asked.line().contains("uploadId=" + each))
                .findFirst()
                .orElseThrow();
        boolean first = !asked.line().contains("part-number-marker=1000");
        String part = first
                ? "<IsTruncated>true</IsTruncated><NextPartNumberMarker>1000</NextPartNumberMarker>"
                : "<IsTruncated>false</IsTruncated><Part><LastModified>" + gotPart(id) + "</LastModified></Part>";
        return Told.of(
                200,
                S3,
                "<ListPartsResult><UploadId>" + (id.equals(wrong) ? "x" : id) + "</UploadId>" + part
                        + "</ListPartsResult>");
    }

    private Instant gotPart(String id) {
        return id.equals(alive) ? Instant.now() : Instant.EPOCH;
    }

    private Future<SweepReport> sweep() {
        return new Sweep(vertx, store, new StoreTime(InstantSource.system()), SweepOptionsForTests.EVERYTHING).run();
    }

    private List<String> aborted() {
        return ids.stream()
                .filter(id -> server.asked().stream()
                        .anyMatch(asked -> asked.is("DELETE") && asked.line().contains("uploadId=" + id)))
                .toList();
    }

    @Test
    void areEndedOnEveryPage() {
        loop.call(this::sweep);
        assertEquals(ids, aborted());
    }

    @Test
    void areNotThoseThatWereBegunLongAgoAndStillGetParts() {
        alive = "id3";
        loop.call(this::sweep);
        assertEquals(List.of("id1", "id2", "id4", "id5"), aborted());
    }

    @Test
    void areNotThoseOfWhichTheStoreTellsAnotherUploadsParts() {
        wrong = "id2";
        SweepReport report = loop.call(this::sweep);
        assertEquals(List.of("id1", "id3", "id4", "id5"), aborted());
        assertEquals(4, report.uploads());
        assertEquals(1, report.failed());
    }

    @Test
    void countAsFailedWhereTheyCannotBeEnded() {
        server.answer(asked -> asked.is("DELETE") && asked.line().contains("uploadId=id2")
                ? Told.of(403, S3, "<Error><Code>AccessDenied</Code></Error>")
                : answer(asked, marker(asked)));
        SweepReport report = loop.call(this::sweep);
        assertEquals(4, report.uploads());
        assertEquals(1, report.failed());
    }

    @Test
    void areLookedForNoLongerWhereAPageComesAgainAndAgain() {
        server.answer(asked -> answer(asked, 0));
        loop.call(this::sweep);
        assertEquals(ids.subList(0, PER_PAGE), aborted());
    }
}
