package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.s3.client.ConnectionPools;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.store.s3.upload.RetentionBudget;
import us.kbase.caching.store.s3.upload.UploadMemory;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ScriptedSource;

/** An upload ends those of its own id that were left, on every S3 server. */
class UploadAborterIT {

    private static final int LENGTH = 6 << 20;

    private Vertx vertx;
    private Loop loop;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        assumeFalse(S3Servers.all().isEmpty(), "no S3 server on this machine");
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private ObjectStore store(S3Connection bucket, Duration grace) {
        ObjectStore store = loop.call(() -> Future.succeededFuture(new S3ObjectStore(
                vertx,
                bucket,
                new UploadMeans(
                        5L << 20,
                        new RetentionBudget(8L << 20),
                        new UploadMemory(20L << 20),
                        Budget.of("transfers", 32 << 20),
                        Budget.of("answers", 32 << 20),
                        new ConnectionPools.Load(),
                        grace))));
        loop.call(store::prepare);
        return store;
    }

    private void upload(ObjectStore store, String key) {
        loop.call(() -> store.put(
                key,
                new Body(ByteSource.of(Buffer.buffer(new byte[LENGTH])), LENGTH),
                Map.of("filename", "f"),
                Guard.once(new Precondition.Absent())));
    }

    @Test
    void anUploadEndsOlderOnesOfItsIdAndOfNoOther() {
        for (S3Servers.Server server : S3Servers.all()) {
            S3Connection bucket = server.bucket();
            ObjectStore store = store(bucket, Duration.ofSeconds(-60));
            UploadsOfKey uploads = new UploadsOfKey(vertx, bucket);
            uploads.leaveOne("job");
            String other = uploads.leaveOne("job-of-another");
            upload(store, "job");
            Await.until(
                    "the left upload is gone from " + server,
                    () -> uploads.of("job").isEmpty());
            assertEquals(List.of(other), uploads.of("job-of-another"), server.name());
        }
    }

    /** By what real servers tell of its parts. */
    @Test
    void anUploadIsAliveFromTheTimeOfItsLastPart() {
        for (S3Servers.Server server : S3Servers.all()) {
            S3Connection bucket = server.bucket();
            ObjectStore store = store(bucket, Duration.ofHours(24));
            UploadsOfKey uploads = new UploadsOfKey(vertx, bucket);
            Promise<Buffer> rest = Promise.promise();
            Body body = new Body(
                    ScriptedSource.held(Buffer.buffer(new byte[2 * LENGTH]), 64 << 10, rest.future()), Body.UNKNOWN);
            Instant before = Instant.now().minusSeconds(60);
            Future<String> put =
                    loop.start(() -> store.put("slow", body, Map.of(), Guard.once(new Precondition.Absent())));
            Await.until("an upload at " + server, () -> !uploads.of("slow").isEmpty());
            OpenUpload slow = new OpenUpload("slow", uploads.of("slow").getFirst(), before);

            Await.until("its part", () -> loop.call(() -> store.upkeep().gotPartSince(before, slow)));
            assertFalse(loop.call(() -> store.upkeep().gotPartSince(before.plusSeconds(3600), slow)));

            loop.call(() -> {
                rest.complete(ByteSource.END);
                return put;
            });
            assertFalse(loop.call(() -> store.upkeep().gotPartSince(before, slow)), "it has ended");
        }
    }

    @Test
    void anUploadLeavesYoungOnesAlone() {
        for (S3Servers.Server server : S3Servers.all()) {
            S3Connection bucket = server.bucket();
            ObjectStore store = store(bucket, Duration.ofHours(24));
            UploadsOfKey uploads = new UploadsOfKey(vertx, bucket);
            String young = uploads.leaveOne("job");
            upload(store, "job");
            assertEquals(List.of(young), uploads.of("job"), server.name());
        }
    }
}
