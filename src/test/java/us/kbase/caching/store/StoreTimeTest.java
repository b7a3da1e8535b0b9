package us.kbase.caching.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StoreTimeTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(NOON);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow at any moment
    private final StoreTime time = new StoreTime(wall::get, new ElapsedClock(wall::get, nanos::get));

    private void pass(Duration duration) {
        wall.updateAndGet(now -> now.plus(duration));
        nanos.addAndGet(duration.toNanos());
    }

    @Test
    void aWallClockThatIsSetWhileAReplyIsUnderWayMovesNothing() {
        time.learn(NOON, time.localNow());
        Instant sent = time.localNow();
        wall.set(NOON.plus(Duration.ofMinutes(3)));
        pass(Duration.ofSeconds(1));
        time.learn(NOON.plusSeconds(1), sent);
        assertEquals(NOON.plusSeconds(1), time.instant());
        assertEquals(Duration.ofMinutes(3), time.error());
    }

    @Test
    void aQuickReplySaysBetterWhatTheStoresClockShowsAtLeast() {
        Instant sent = time.localNow();
        pass(Duration.ofSeconds(20));
        time.learn(NOON, sent); // made at any moment of these
        assertEquals(NOON, time.earliest().instant());

        time.learn(NOON.plusSeconds(15), time.localNow());
        assertEquals(NOON.plusSeconds(15), time.earliest().instant());
        sent = time.localNow();
        pass(Duration.ofSeconds(20));
        time.learn(NOON.plusSeconds(16), sent);
        assertEquals(NOON.plusSeconds(35), time.earliest().instant(), "a slow one does not say it worse");
    }

    @Test
    void aClockThatBeganWrongIsCorrectedByTheFirstReply() {
        time.learn(NOON.minus(Duration.ofHours(1)), time.localNow());
        assertEquals(NOON.minus(Duration.ofHours(1)).plusSeconds(1), time.instant());
        pass(Duration.ofHours(2));
        assertEquals(NOON.plus(Duration.ofHours(1)).plusSeconds(1), time.instant());
    }
}
