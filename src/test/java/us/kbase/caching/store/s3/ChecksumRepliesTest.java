package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.WrongChecksum;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** What servers say of checksums: of what they kept, and whether they keep those of uploads in parts. */
class ChecksumRepliesTest extends OnRawS3 {

    private static final Map<String, String> OURS =
            Map.of("expiration", "4102444800", "filename", "reads.fa", "token_id", "me");
    private static final int LONG_BYTES = 6 << 20;
    private static final String S3 = "x-amz-request-id: 1\r\n";
    private static final String OTHER = "x-amz-checksum-crc32c: AAAAAA==\r\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n";

    private Future<String> put(int bytes) {
        Buffer content = Buffer.buffer("x".repeat(bytes));
        return store.put("id", Body.exact(ByteSource.of(content), bytes), OURS, Guard.once(new Precondition.Absent()));
    }

    private static Told etag(String etag, String headers) {
        return Told.of(200, S3 + "ETag: " + etag + "\r\n" + headers, "");
    }

    private static String error(String code) {
        return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
    }

    @Test
    void aWriteWhoseReplyNamesAnotherChecksumNamesWhatItPublished() {
        server.answer(asked -> etag("\"bad\"", OTHER));
        Throwable cause = loop.failureOf(() -> put(5));
        assertInstanceOf(Failure.Upstream.class, cause);
        assertEquals(Optional.of("\"bad\""), WrongChecksum.published(cause));
    }

    @Test
    void aWriteThatIsRepeatedIsNotGoodSinceItsOwnMarkIsOnIt() {
        AtomicReference<String> mark = new AtomicReference<>("");
        AtomicInteger puts = new AtomicInteger();
        server.answer(asked -> {
            if (asked.is("HEAD")) {
                return Told.of(
                        "HTTP/1.1 200 OK\r\nDate: " + RawS3.date() + "\r\nETag: \"bad\"\r\nContent-Length: 5\r\n"
                                + mark.get(),
                        Buffer.buffer());
            }
            mark.set(asked.head()
                    .lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-meta-"))
                    .collect(Collectors.joining("\r\n", "", "\r\n")));
            return puts.incrementAndGet() == 1 ? Told.of(500, S3, error("InternalError")) : etag("\"bad\"", OTHER);
        });
        assertEquals(Optional.of("\"bad\""), WrongChecksum.published(loop.failureOf(() -> put(5))));
        assertEquals(2, puts.get());
    }

    /** A server of uploads in parts, whose answer to their opening is the test's. */
    private void opens(Function<Asked, Told> create) {
        server.answer(asked -> {
            boolean creates = asked.is("POST") && asked.line().contains("uploads");
            if (creates) {
                return create.apply(asked);
            }
            if (asked.is("PUT")) {
                return etag("\"part\"", "");
            }
            if (asked.is("DELETE")) {
                return Told.of("HTTP/1.1 204 X\r\n" + S3, Buffer.buffer());
            }
            return Told.of(
                    200,
                    S3,
                    asked.is("POST")
                            ? "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>"
                            : "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
        });
    }

    private static boolean isChecked(Asked asked) {
        return !asked.header("x-amz-checksum-algorithm").isEmpty();
    }

    private static Told opened(String id, String headers) {
        return Told.of(
                200,
                S3 + headers,
                "<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>id</Key><UploadId>" + id
                        + "</UploadId></InitiateMultipartUploadResult>");
    }

    private List<Asked> creates() {
        return server.asked().stream()
                .filter(asked -> asked.is("POST") && asked.line().contains("uploads"))
                .toList();
    }

    @Test
    void anUploadWhoseChecksumIsKeptByPartsAloneIsOpenedAnewWithoutOne() {
        opens(asked -> isChecked(asked)
                ? opened(
                        "checked",
                        "x-amz-checksum-algorithm: " + asked.header("x-amz-checksum-algorithm")
                                + "\r\nx-amz-checksum-type: COMPOSITE\r\n")
                : opened("plain", ""));
        assertEquals("\"whole\"", loop.call(() -> put(LONG_BYTES)));
        List<Asked> sent = server.asked();
        assertTrue(sent.stream()
                .anyMatch(asked -> asked.is("DELETE") && asked.line().contains("uploadId=checked")));
        assertTrue(sent.stream()
                .filter(asked -> asked.is("PUT"))
                .allMatch(asked -> asked.line().contains("uploadId=plain")));
    }

    @ParameterizedTest
    @CsvSource({
        "400,InvalidArgument,false",
        "400,InvalidRequest,false",
        "501,NotImplemented,false",
        "400,BadRequest,true"
    })
    void checksumsAreGivenUpOnlyByACodeThatCanMeanThem(int status, String code, boolean asksAgain) {
        opens(asked -> isChecked(asked) ? Told.of(status, S3, error(code)) : opened("plain", ""));
        loop.call(() -> put(LONG_BYTES));
        server.forget();
        loop.call(() -> put(LONG_BYTES));
        assertEquals(asksAgain, isChecked(creates().getFirst()));
    }

    @Test
    void anUploadThatIsRefusedAlsoWithoutAChecksumSaysNothingOfChecksums() {
        opens(asked -> Told.of(400, S3, error("InvalidArgument")));
        loop.failureOf(() -> put(LONG_BYTES));
        assertFalse(isChecked(creates().getLast()));
        server.forget();
        loop.failureOf(() -> put(LONG_BYTES));
        assertTrue(isChecked(creates().getFirst()));
    }
}
