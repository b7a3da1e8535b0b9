package us.kbase.caching.store.s3.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import us.kbase.caching.simulation.Schedule;
import us.kbase.caching.simulation.SimulatedVertx;
import us.kbase.caching.store.StoreTime;

/** How long a write is waited for whose reply was lost. */
class WriteLifeTest {

    private final Schedule schedule = new Schedule(1);
    private final Vertx vertx = SimulatedVertx.of(schedule, Schedule.WORLD);
    private Duration storeBehind = Duration.ZERO;
    private final WriteLife life = of(() -> schedule.now().minus(storeBehind));

    private static WriteLife of(InstantSource time) {
        return new WriteLife(time, time);
    }

    private long waitedSeconds() {
        return waitedSeconds(life);
    }

    private long waitedSeconds(WriteLife life) {
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

    /** The date of a reply that took long is old when it comes: a clock that it set runs ahead of the store's. */
    @Test
    void aTryThatIsDatedByAClockAheadIsWaitedForUntilTheStoreRefusesIt() {
        StoreTime time = new StoreTime(() -> schedule.now().plusSeconds(60));
        Instant sent = time.localNow();
        schedule.pass(20_000_000);
        time.learn(schedule.now(), sent);
        WriteLife life = new WriteLife(time, time.earliest());

        Instant dated = life.begin();

        assertTrue(dated.isAfter(schedule.now().plusSeconds(10)), () -> "dated " + dated);
        assertTrue(waitedSeconds(life) > 20);
        assertTrue(schedule.now().isAfter(dated.plus(WriteLife.GOOD_FOR)), () -> "over at " + schedule.now());
    }

    @Test
    void aStoreWhoseClockIsSetBackIsNotWaitedForAsLongAsThat() {
        life.begin();
        storeBehind = Duration.ofHours(1);
        assertEquals(120, waitedSeconds());
    }
}
