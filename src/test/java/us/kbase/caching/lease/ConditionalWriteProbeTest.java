package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.lease.ConditionalWriteProbe.Leg;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;
import us.kbase.caching.testing.WatchedStore;

/** Servers that keep their word on conditions by neither, one or both ways to publish. */
class ConditionalWriteProbeTest {

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final MemoryBucket bucket = new MemoryBucket(InstantSource.system());

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    /** Takes every write of that kind, whatever its condition. */
    private ObjectStore ignoring(Leg leg) {
        return new WatchedStore(bucket.view(MemoryBucket.Turn.AT_ONCE)) {
            @Override
            public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
                boolean parts = body.lengthMaxBytes() == Body.UNKNOWN;
                return super.put(key, body, metadata, guard)
                        .recover(cause -> cause instanceof Conflict && parts == (leg == Leg.MULTIPART)
                                ? Future.succeededFuture("\"any\"")
                                : Future.failedFuture(cause));
            }
        };
    }

    private Optional<Leg> probed(ObjectStore store) {
        return loop.call(() -> new ConditionalWriteProbe(store, InstantSource.system()).run());
    }

    @Test
    void aServerThatKeepsConditionsIsFit() {
        assertEquals(Optional.empty(), probed(bucket.view(MemoryBucket.Turn.AT_ONCE)));
    }

    @Test
    void aServerThatIgnoresThemOnPutObjectIsNot() {
        assertEquals(Optional.of(Leg.PUT), probed(ignoring(Leg.PUT)));
    }

    @Test
    void aServerThatIgnoresThemWhereAnUploadIsCompletedIsNot() {
        assertEquals(Optional.of(Leg.MULTIPART), probed(ignoring(Leg.MULTIPART)));
    }
}
