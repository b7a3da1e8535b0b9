package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.s3.upload.BodySplitter;
import us.kbase.caching.store.s3.upload.MultipartUpload;
import us.kbase.caching.store.s3.upload.PartPlan;
import us.kbase.caching.store.s3.upload.PartThrottle;
import us.kbase.caching.store.s3.upload.RetentionBudget;
import us.kbase.caching.store.s3.upload.UnsizedUpload;
import us.kbase.caching.store.s3.upload.UploadMemory;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.ScriptedSource;

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
