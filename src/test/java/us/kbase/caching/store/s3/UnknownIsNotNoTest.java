package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** Who refuses decides: S3 says no by its own code, or by its request id where an answer has no body. Anybody else knows nothing. */
class UnknownIsNotNoTest extends OnRawS3 {

    private static final int[] STATUSES = {403, 404, 405, 409, 412, 416, 501};
    private static final ByteRange SOME = new ByteRange(5, 9);

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

    private final HonestS3 bucket = new HonestS3(clock);

    private static Told told(Asked asked, int status, String headers, String body) {
        Buffer content = Buffer.buffer(asked.is("HEAD") ? "" : body);
        return Told.of(
                "HTTP/1.1 " + status + " X\r\n" + headers + "Content-Length: " + content.length() + "\r\n", content);
    }

    private void s3Says(int status, String code) {
        String body = code.isEmpty() ? "" : "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
        server.answer(asked -> told(asked, status, "x-amz-request-id: 1\r\n", asked.is("HEAD") ? "" : body));
    }

    static Stream<Arguments> strangers() {
        return Arrays.stream(StoreCall.values())
                .flatMap(call -> Arrays.stream(Stranger.values()).map(who -> Arguments.of(call, who)));
    }

    /** Answers in the place of S3 to the request that matters; all others come to it. */
    private void comesBetween(StoreCall call, Function<Asked, Told> stranger) {
        bucket.begin();
        bucket.hearsNothing();
        answerLate(asked -> S3Request.of(asked) == call.request() ? stranger.apply(asked) : bucket.answer(asked));
    }

    private void isAFault(StoreCall call, String which) {
        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> call.on(store)), call + " " + which);
        assertTrue(means.checksums().asked().isPresent(), call + " turned checksums off, " + which);
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void whatAStrangerSaysIsAFaultAndNoNews(StoreCall call, Stranger who) {
        for (int status : STATUSES) {
            comesBetween(call, asked -> told(asked, status, who.headers, who.body));
            isAFault(call, "by " + status);
        }
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aGoodStatusOfAStrangerIsNoObjectAndNoSuccess(StoreCall call, Stranger who) {
        comesBetween(call, asked -> told(asked, 200, who.headers, who.body));
        isAFault(call, "by 200");
    }

    /** S3 answers some with nothing but a status. */
    @ParameterizedTest
    @EnumSource
    void norIsOneWithoutAnyContent(StoreCall call) {
        comesBetween(call, asked -> Told.of("HTTP/1.1 204 X\r\n", Buffer.buffer()));
        isAFault(call, "by 204");
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
