package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;

/** When a gateway sweeps, and when it must not. */
class SweeperTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    @Test
    void whereNothingMayBeRemovedAnAdministratorIsToldWhyAndMayCount() {
        InstantSource clock = InstantSource.system();
        Sweeper sweeper = new Sweeper(
                vertx,
                new MemoryBucket(clock).view(MemoryBucket.Turn.AT_ONCE),
                new StoreTime(clock),
                () -> Future.succeededFuture(true),
                new Sweeper.Settings(Duration.ofDays(1), Duration.ofDays(1), Optional.of("Not now.")));
        Failure.BadInput refusal = assertThrows(
                Failure.BadInput.class, () -> sweeper.begin(SweepOptions.Effect.REMOVE, SweepOptions.Stops.HEED));
        assertEquals("Not now.", refusal.getMessage());
        assertTrue(sweeper.begin(SweepOptions.Effect.COUNT, SweepOptions.Stops.HEED));
    }
}
