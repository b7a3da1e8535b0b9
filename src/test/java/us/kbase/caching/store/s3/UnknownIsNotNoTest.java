package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.SweepReport;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** Who refuses decides: S3 says no by its own code, or by its request id where an answer has no body. Anybody else knows nothing. */
class UnknownIsNotNoTest extends OnRawS3 {

    private static final int[] STATUSES = {403, 404, 405, 409, 412, 416, 501};
    private static final ByteRange SOME = new ByteRange(5, 9);
    private static final Stored SEEN = new Stored("id", "\"seen\"", 3, Map.of("token_id", "me"));

    /** Everything that reads a status. */
    private enum Call {
        HEAD(store -> store.head("id")),
        GET(store -> store.get("id", SOME, Optional.empty())),
        GO_ON(store -> store.get("id", SOME, Optional.of("\"seen\""))),
        LOOK(store -> store.upkeep().look("id")),
        TAGS(store -> store.upkeep().lastUsed("id")),
        TAG(store -> store.upkeep().used("id", 1)),
        STRIKE(store -> store.upkeep()
                .arm(new Observation(SEEN, InstantSource.system().instant()), Map.of())
                .mark()),
        BLOW(store -> store.upkeep()
                .arm(new Observation(SEEN, InstantSource.system().instant()), Map.of())
                .remove()),
        LIST(store -> store.list("", 10)),
        UPLOADS(store -> store.upkeep().openUploads(Optional.empty(), 10));

        private final Function<ObjectStore, Future<?>> call;

        Call(Function<ObjectStore, Future<?>> call) {
            this.call = call;
        }
    }

    /** Who may answer in S3's place. */
    private enum Stranger {
        PLAIN("Content-Type: text/plain\r\n", "no healthy upstream"),
        HTML("Content-Type: text/html\r\n", "<html><head><title>Error</title></head><body>nginx</body></html>"),
        EMPTY("", ""),
        JSON("Content-Type: application/json\r\n", "{\"code\":\"NoSuchKey\"}");

        private final String headers;
        private final String body;

        Stranger(String headers, String body) {
            this.headers = headers;
            this.body = body;
        }
    }

    private static Told told(Asked asked, int status, String headers, String body) {
        return asked.is("HEAD")
                ? Told.of("HTTP/1.1 " + status + " X\r\n" + headers + "Content-Length: 0\r\n", Buffer.buffer())
                : Told.of(status, headers, body);
    }

    private void s3Says(int status, String code) {
        String body = code.isEmpty() ? "" : "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
        server.answer(asked -> told(asked, status, "x-amz-request-id: 1\r\n", asked.is("HEAD") ? "" : body));
    }

    static Stream<Arguments> strangers() {
        return Arrays.stream(Call.values())
                .flatMap(call -> Arrays.stream(Stranger.values()).map(who -> Arguments.of(call, who)));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void whatAStrangerSaysIsAFaultAndNoNews(Call call, Stranger who) {
        for (int status : STATUSES) {
            server.answer(asked -> told(asked, status, who.headers, who.body));
            Throwable cause = loop.failureOf(() -> call.call.apply(store));
            assertInstanceOf(Failure.Upstream.class, cause, call + " " + status);
        }
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aGoodStatusOfAStrangerIsNoObjectAndNoSuccess(Call call, Stranger who) {
        server.answer(asked -> told(asked, 200, who.headers, who.body));
        Throwable cause = loop.failureOf(() -> call.call.apply(store));
        assertInstanceOf(Failure.Upstream.class, cause, call.name());
    }

    /** S3 answers these with nothing but a status. */
    @ParameterizedTest
    @EnumSource(names = {"TAG", "BLOW"})
    void norIsOneWithoutAnyContent(Call call) {
        server.answer(asked -> Told.of("HTTP/1.1 204 X\r\n", Buffer.buffer()));
        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> call.call.apply(store)));
    }

    @Test
    void s3ItselfSaysThatAnObjectIsNotThere() {
        s3Says(404, "NoSuchKey");
        assertEquals(Optional.empty(), loop.call(() -> store.head("id")));
        assertEquals(Optional.empty(), loop.call(() -> store.get("id", ByteRange.ALL)));
        assertEquals(Optional.empty(), loop.call(() -> store.upkeep().look("id")));
    }

    @Test
    void thatTheBucketIsNotThereIsNoNewsOfAnObject() {
        s3Says(404, "NoSuchBucket");
        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> store.get("id", ByteRange.ALL)));
    }

    @Test
    void s3ItselfSaysThatAConditionDoesNotHold() {
        s3Says(412, "PreconditionFailed");
        assertInstanceOf(Conflict.class, loop.failureOf(() -> store.get("id", SOME, Optional.of("\"seen\""))));
    }

    @Test
    void aWriteThatAStrangerRefusesMayHaveHappenedAndIsLookedUp() {
        server.answer(asked -> asked.is("HEAD")
                ? Told.of(
                        "HTTP/1.1 200 OK\r\nETag: \"new\"\r\nContent-Length: 1\r\nx-amz-meta-write-nonce: "
                                + written("x-amz-meta-write-nonce") + "\r\n",
                        Buffer.buffer())
                : told(asked, 412, "", "refused by the balancer"));
        String etag = loop.call(() -> store.put(
                "id", new Body(ByteSource.of(Buffer.buffer("x")), 1), Map.of(), Guard.once(new Precondition.Absent())));
        assertEquals("\"new\"", etag);
    }

    private String written(String header) {
        return server.asked().stream()
                .filter(asked -> asked.is("PUT"))
                .findFirst()
                .orElseThrow()
                .header(header);
    }

    @Test
    void onlyAServerThatKeepsNoTagsSaysThatAResultWasNeverUsed() {
        s3Says(501, "NotImplemented");
        assertEquals(OptionalLong.empty(), loop.call(() -> store.upkeep().lastUsed("id")));
        assertInstanceOf(
                UnsupportedOperationException.class,
                loop.failureOf(() -> store.upkeep().used("id", 1)));
        for (String refusal : new String[] {"AccessDenied", "MethodNotAllowed", "InvalidRequest"}) {
            s3Says(403, refusal);
            assertInstanceOf(
                    Failure.Upstream.class, loop.failureOf(() -> store.upkeep().lastUsed("id")));
            assertInstanceOf(
                    Failure.Upstream.class, loop.failureOf(() -> store.upkeep().used("id", 1)));
        }
    }

    @Test
    void aSweepLeavesAnExpiredResultWhoseTagsItCannotRead() {
        String page = "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated><Contents><Key>id</Key>"
                + "<LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents></ListBucketResult>";
        server.answer(asked -> {
            if (asked.is("HEAD")) {
                return Told.of(
                        "HTTP/1.1 200 OK\r\nDate: " + RawS3.date() + "\r\nETag: \"old\"\r\nContent-Length: 3\r\n"
                                + "x-amz-meta-expiration: 1000\r\nx-amz-meta-filename: f\r\nx-amz-meta-token_id: me\r\n",
                        Buffer.buffer());
            }
            boolean tags = asked.line().contains("tagging");
            return told(
                    asked,
                    tags ? 403 : 200,
                    "x-amz-request-id: 1\r\n",
                    tags
                            ? "<Error><Code>AccessDenied</Code></Error>"
                            : asked.line().contains("list-type")
                                    ? page
                                    : "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
        });
        SweepReport report = loop.call(() -> new Sweep(
                        vertx,
                        store,
                        new StoreTime(InstantSource.system()),
                        new SweepOptions(
                                SweepOptions.Effect.REMOVE,
                                SweepOptions.Stops.HEED,
                                Duration.ZERO,
                                Duration.ofHours(24)))
                .run());
        assertEquals(0, report.removed(), report.summary());
        assertFalse(server.asked().stream().anyMatch(asked -> asked.is("PUT") || asked.is("DELETE")));
    }
}
