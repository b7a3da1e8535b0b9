package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
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

    /** Servers refuse parts as short as this; this one does not. */
    private static final int TINY_PART_BYTES = 1 << 10;

    private static final int FRAMES_MAX = 300;

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

    /** By the store and its connections to a server, each part a request of its own. */
    @Test
    void areSentAndPublishedByTheStore() {
        Loop loop = new Loop(vertx);
        HonestS3 bucket = new HonestS3(InstantSource.system());
        RawS3 server = RawS3.start(vertx, bucket::answer);
        UploadMeans means = Stores.means(TINY_PART_BYTES);
        ObjectStore store = loop.call(() -> Future.succeededFuture(new S3ObjectStore(vertx, server.bucket(), means)));
        AtomicInteger deepest = new AtomicInteger();
        long bytes = (long) TINY_PART_BYTES * PARTS_OF_UNKNOWN_LENGTH;
        ByteSource content = ScriptedSource.of(
                Collections.nCopies(PARTS_OF_UNKNOWN_LENGTH, Buffer.buffer(new byte[TINY_PART_BYTES])));
        loop.call(() -> store.put(
                HonestS3.NEW,
                Body.exact(new DepthSource(content, deepest), bytes),
                HonestS3.metadata(HonestS3.LATER),
                Guard.once(new Precondition.Absent())));
        assertTrue(bucket.objects().containsKey(HonestS3.NEW));
        long parts = server.asked().stream()
                .filter(asked -> S3Request.of(asked) == S3Request.PART)
                .count();
        assertTrue(parts > PARTS_OF_UNKNOWN_LENGTH * 9 / 10, parts + " parts");
        assertTrue(deepest.get() < FRAMES_MAX, deepest + " frames");
        Await.until(
                "all is given back",
                () -> means.transfers().usedBytes() == 0
                        && means.retention().freeBytes() == means.retention().bytes());
    }

    /** Looks how deep the stack is when the next bytes are asked for. */
    private record DepthSource(ByteSource source, AtomicInteger deepest) implements ByteSource {
        @Override
        public Future<Buffer> next() {
            int frames = StackWalker.getInstance().walk(all -> (int) all.count());
            deepest.accumulateAndGet(frames, Math::max);
            return source.next();
        }

        @Override
        public void cancel() {
            source.cancel();
        }
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
