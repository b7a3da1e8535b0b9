package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that jumps, and one that does not follow every jump. */
class SteadyClockTest {

    private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");

    private Duration elapsed = Duration.ZERO;
    private Duration off = Duration.ZERO;
    private final SteadyClock clock = new SteadyClock(this::machine, () -> elapsed.toNanos());

    private Instant machine() {
        return BEGIN.plus(elapsed).plus(off);
    }

    private Instant after(Duration time) {
        elapsed = elapsed.plus(time);
        return clock.instant();
    }

    @Test
    void goesWithTheMachines() {
        assertEquals(BEGIN, clock.instant());
        assertEquals(BEGIN.plusSeconds(5), after(Duration.ofSeconds(5)));
    }

    @Test
    void followsASmallStepAheadAtOnce() {
        off = Duration.ofSeconds(30);
        assertEquals(machine(), clock.instant());
    }

    @Test
    void doesNotFollowALeapOfAMoment() {
        off = Duration.ofDays(31);
        assertEquals(BEGIN.plusSeconds(1), after(Duration.ofSeconds(1)));
        assertEquals(BEGIN.plusSeconds(540), after(Duration.ofSeconds(539)));
        off = Duration.ZERO;
        assertEquals(BEGIN.plusSeconds(541), after(Duration.ofSeconds(1)));
        off = Duration.ofDays(31);
        assertEquals(BEGIN.plusSeconds(1000), after(Duration.ofSeconds(459)));
    }

    /** As after a machine was suspended: its monotonic clock stood still. */
    @Test
    void followsALeapThatStands() {
        off = Duration.ofDays(2);
        assertEquals(BEGIN, clock.instant());
        assertEquals(BEGIN.plusSeconds(599), after(Duration.ofSeconds(599)));
        after(Duration.ofSeconds(1));
        assertEquals(machine(), clock.instant());
    }

    @Test
    void goesOnAtNineTenthsOfTheSpeedAfterAStepBackUntilTheMachinesHasCaughtUp() {
        off = Duration.ofHours(-1);
        assertEquals(BEGIN, clock.instant());
        assertEquals(BEGIN.plusSeconds(90), after(Duration.ofSeconds(100)));
        after(Duration.ofHours(11));
        assertEquals(machine(), clock.instant());
        after(Duration.ofSeconds(1));
        assertEquals(machine(), clock.instant());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverStepsBackAndNeverRunsAheadOfBothClocks(long seed) {
        Random random = new Random(seed);
        Instant before = clock.instant();
        Duration aheadMax = Duration.ZERO;
        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(20) == 0) {
                off = Duration.ofSeconds(random.nextInt(-7200, 7200));
                aheadMax = aheadMax.compareTo(off) > 0 ? aheadMax : off;
            }
            Instant now = after(Duration.ofMillis(random.nextInt(120_000)));
            assertTrue(!now.isBefore(before), "stepped back");
            assertTrue(!now.isAfter(BEGIN.plus(elapsed).plus(aheadMax)), "ran ahead");
            before = now;
        }
    }
}
