package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.write.MarkedWrite;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;
import us.kbase.caching.testing.Stores;

/** What S3 may say to CompleteMultipartUpload besides yes and no (its API reference). */
class CompleteAnswersTest {

    private static final String S3 = "x-amz-request-id: 1\r\n";

    /** Sent while S3 puts the parts together, so that nobody takes it for dead. */
    private static final String BLANKS = " \n".repeat(1500);

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final Deque<Told> completes = new ArrayDeque<>();
    private final RawS3 server = RawS3.start(vertx, this::answer);

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    /** What is there is another's. */
    private Told answer(Asked asked) {
        if (asked.is("HEAD")) {
            return Told.of("HTTP/1.1 200 OK\r\n" + S3 + "ETag: \"another\"\r\nContent-Length: 1\r\n", Buffer.buffer());
        }
        return completes.size() == 1 ? completes.getFirst() : completes.removeFirst();
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code></Error>";
    }

    private Future<String> complete() {
        S3Calls calls = Stores.calls(vertx, server.bucket());
        List<CompletedPart> parts =
                List.of(CompletedPart.builder().partNumber(1).eTag("\"1\"").build());
        return new MarkedWrite(
                        vertx,
                        calls,
                        "key",
                        Map.of(),
                        Guard.once(new Precondition.Matches("\"seen\"")),
                        write -> calls.complete("key", "upload", parts, Optional.empty(), write))
                .run();
    }

    /** Behind a 409 the upload may be gone, and is begun anew then. */
    @Test
    void anUploadThatWasDroppedIsAFaultThatAsksForTheFileAgain() {
        completes.add(Told.of(409, S3, error("ConditionalRequestConflict")));
        completes.add(Told.of(404, S3, error("NoSuchUpload")));

        Throwable cause = loop.failureOf(this::complete);

        assertInstanceOf(Failure.Upstream.class, cause);
        assertTrue(String.valueOf(cause.getMessage()).contains("send the file again"), cause::toString);
    }

    @Test
    void blanksBeforeTheAnswerAreNoneOfIt() {
        completes.add(
                Told.of(
                        200,
                        S3,
                        BLANKS
                                + "<CompleteMultipartUploadResult><ETag>&quot;e-1&quot;</ETag></CompleteMultipartUploadResult>"));

        assertEquals("\"e-1\"", loop.call(this::complete));
    }

    @Test
    void anErrorBehindBlanksAndAGoodStatusIsNoSuccess() {
        completes.add(Told.of(200, S3, BLANKS + error("PreconditionFailed")));

        assertInstanceOf(Conflict.class, loop.failureOf(this::complete));
    }
}
