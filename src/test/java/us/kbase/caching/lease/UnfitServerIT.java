package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.Stores;

/** A real server that keeps conditions on PutObject, and on CompleteMultipartUpload only while nobody else is at it. */
class UnfitServerIT {

    @Test
    void seaweedIsSeenToLetSeveralUploadsInPartsWin() {
        Optional<Stores.Kind> seaweed = Stores.seaweed();
        assumeTrue(seaweed.isPresent(), "no SeaweedFS on this machine");
        Vertx vertx = Vertx.vertx();
        Loop loop = new Loop(vertx);
        try {
            ObjectStore store = loop.call(() -> {
                ObjectStore opened = seaweed.get().open().apply(vertx);
                return opened.prepare().map(opened);
            });
            assertEquals(
                    Optional.of(ConditionalWriteProbe.Leg.MULTIPART),
                    loop.call(() -> new ConditionalWriteProbe(store, InstantSource.system()).run()));
        } finally {
            Loop.await(vertx.close());
        }
    }
}
