package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.upload.BodySplitter;
import us.kbase.caching.store.s3.upload.MultipartUpload;
import us.kbase.caching.store.s3.upload.PartPlan;
import us.kbase.caching.store.s3.upload.PartThrottle;
import us.kbase.caching.store.s3.upload.RetentionBudget;
import us.kbase.caching.store.s3.upload.UnsizedUpload;
import us.kbase.caching.store.s3.upload.UploadMemory;
import us.kbase.caching.store.s3.write.WriteAttempt;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.ScriptedSource;
import us.kbase.caching.testing.Stores;

/** Uploads of many parts to a server that answers each at once, on one thread: the stack does not grow with them. */
class ManyPartsTest {

    private static final int PARTS = 100_000;
    private static final int PARTS_OF_UNKNOWN_LENGTH = 10_000;
    private static final int COLLECTED_BYTES = 64 << 10;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private long sentBytes;

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private MultipartUpload upload() {
        return new MultipartUpload(
                vertx,
                this::answered,
                new Retries(vertx),
                new RetentionBudget(PARTS),
                new PartThrottle(vertx, System::nanoTime),
                "key",
                "upload");
    }

    private Future<CompletedPart> answered(String key, String id, int number, ByteSource bytes, long lengthBytes) {
        return Pump.run(bytes, chunk -> {
                    sentBytes += chunk.length();
                    return Future.succeededFuture();
                })
                .map(v -> CompletedPart.builder().partNumber(number).eTag("tag").build());
    }

    @Test
    void ofKnownLength() {
        MultipartUpload upload = upload();
        BodySplitter body = new BodySplitter(ScriptedSource.of(Buffer.buffer(new byte[PARTS]), 1));
        Await.result(upload.stream(body, new PartPlan(1, PARTS, 1), 0));
        assertEquals(PARTS, upload.parts().size());
        assertEquals(PARTS, sentBytes);
    }

    /** The call that ends an upload names all of its parts. */
    @Test
    void areNamedInOneCall() {
        Loop loop = new Loop(vertx);
        RawS3 server = RawS3.start(
                vertx,
                asked -> RawS3.Told.of(
                        200,
                        "x-amz-request-id: 1\r\n",
                        "<CompleteMultipartUploadResult><ETag>&quot;1-10000&quot;</ETag></CompleteMultipartUploadResult>"));
        S3Calls calls = loop.call(() -> Future.succeededFuture(Stores.calls(vertx, server.bucket())));
        List<CompletedPart> parts = IntStream.rangeClosed(1, PARTS_OF_UNKNOWN_LENGTH)
                .mapToObj(number -> CompletedPart.builder()
                        .partNumber(number)
                        .eTag("\"" + number + "\"")
                        .build())
                .toList();
        assertEquals(
                "\"1-10000\"",
                loop.call(() -> calls.complete(
                        "key",
                        "upload",
                        parts,
                        Optional.empty(),
                        new WriteAttempt(Map.of(), new Precondition.Absent(), calls.newWrite()))));
        assertTrue(Integer.parseInt(server.asked().getFirst().header("Content-Length")) > 50 * PARTS_OF_UNKNOWN_LENGTH);
    }

    @Test
    void ofUnknownLength() {
        MultipartUpload upload = upload();
        Buffer chunk = Buffer.buffer(new byte[COLLECTED_BYTES]);
        BodySplitter body = new BodySplitter(ScriptedSource.of(Collections.nCopies(PARTS_OF_UNKNOWN_LENGTH, chunk)));
        UnsizedUpload collecting = new UnsizedUpload(vertx, new UploadMemory(COLLECTED_BYTES), Duration.ofSeconds(5));
        Await.result(collecting.begin(body).compose(first -> collecting.parts(upload, first)));
        assertEquals(PARTS_OF_UNKNOWN_LENGTH, upload.parts().size());
        assertEquals((long) PARTS_OF_UNKNOWN_LENGTH * COLLECTED_BYTES, sentBytes);
    }
}
