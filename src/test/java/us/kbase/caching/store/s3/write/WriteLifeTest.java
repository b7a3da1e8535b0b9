package us.kbase.caching.store.s3.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import us.kbase.caching.simulation.Schedule;
import us.kbase.caching.simulation.SimulatedVertx;

/** How long a write is waited for whose reply was lost. */
class WriteLifeTest {

    private final Schedule schedule = new Schedule(1);
    private final Vertx vertx = SimulatedVertx.of(schedule, Schedule.WORLD);
    private Duration storeBehind = Duration.ZERO;
    private final WriteLife life = new WriteLife(() -> schedule.now().minus(storeBehind));

    private long waitedSeconds() {
        Future<Void> over = life.over(vertx);
        long began = schedule.nowMicros();
        while (!over.isComplete() && schedule.step()) {
            // the next timer
        }
        assertTrue(over.succeeded());
        return Duration.ofNanos((schedule.nowMicros() - began) * 1_000).toSeconds();
    }

    @Test
    void oneThatWasNotTriedIsOver() {
        assertEquals(0, waitedSeconds());
    }

    @Test
    void oneThatWasTriedLandsWithinTwelveSecondsOrNever() {
        life.begin();
        assertEquals(WriteLife.LANDS_WITHIN.toSeconds(), waitedSeconds());
    }

    @Test
    void aStoreWhoseClockIsSetBackIsNotWaitedForAsLongAsThat() {
        life.begin();
        storeBehind = Duration.ofHours(1);
        assertEquals(120, waitedSeconds());
    }
}
