package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.client.ConnectionPools;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** S3's rule behind a 409 to CompleteMultipartUpload: the upload may be gone, and is begun anew then (its API reference, Errors). */
class DroppedUploadTest {

    private static final String S3 = "x-amz-request-id: 1\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger completes = new AtomicInteger();

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    /** What is there is another's. */
    private Told answer(Asked asked) {
        if (asked.is("HEAD")) {
            return Told.of("HTTP/1.1 200 OK\r\n" + S3 + "ETag: \"another\"\r\nContent-Length: 1\r\n", Buffer.buffer());
        }
        return completes.incrementAndGet() == 1
                ? Told.of(409, S3, "<Error><Code>ConditionalRequestConflict</Code></Error>")
                : Told.of(404, S3, "<Error><Code>NoSuchUpload</Code></Error>");
    }

    @Test
    void isAFaultThatAsksForTheFileAgain() {
        Loop loop = new Loop(vertx);
        RawS3 server = RawS3.start(vertx, this::answer);
        S3Calls calls = loop.call(() -> Future.succeededFuture(new S3Calls(
                vertx,
                server.bucket(),
                new StoreTime(InstantSource.system()),
                Budget.of("transfers", 1 << 20),
                new ConnectionPools.Load())));
        List<CompletedPart> parts =
                List.of(CompletedPart.builder().partNumber(1).eTag("\"1\"").build());

        Throwable cause = loop.failureOf(() -> new MarkedWrite(
                        vertx,
                        calls,
                        "key",
                        Map.of(),
                        Guard.once(new Precondition.Matches("\"seen\"")),
                        write -> calls.complete("key", "upload", parts, Optional.empty(), write))
                .run());

        assertInstanceOf(Failure.Upstream.class, cause);
        assertTrue(String.valueOf(cause.getMessage()).contains("send the file again"), cause::toString);
        assertTrue(completes.get() > 1, "tried again");
    }
}
