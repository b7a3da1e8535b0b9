package us.kbase.caching.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration BASE = Duration.ofMillis(100);
    private static final Duration CAP = Duration.ofMillis(900);

    private static List<Long> pauses(Backoff backoff, int count) {
        return LongStream.range(0, count).mapToObj(i -> backoff.nextMillis()).toList();
    }

    @Test
    void itsBoundDoublesUpToTheCap() {
        assertEquals(List.of(100L, 200L, 400L, 800L, 900L, 900L), pauses(new Backoff(BASE, CAP, () -> 0.999_999), 6));
    }

    @Test
    void itNeverAsksAgainInTheSameInstant() {
        assertEquals(List.of(1L, 1L, 1L), pauses(new Backoff(BASE, CAP, () -> 0), 3));
    }

    @Test
    void successMakesTheNextFaultTheFirst() {
        Backoff backoff = new Backoff(BASE, CAP, () -> 0.999_999);
        assertEquals(List.of(100L, 200L), pauses(backoff, 2));
        backoff.reset();
        assertEquals(List.of(100L), pauses(backoff, 1));
    }

    @Test
    void whoMeetTheSameFaultAtOnceAreSpreadAlreadyByTheFirstPause() {
        Random random = new Random(7);
        long distinct = LongStream.range(0, 1000)
                .map(i -> new Backoff(BASE, CAP, random::nextDouble).nextMillis())
                .distinct()
                .count();
        assertTrue(distinct > 90, distinct + " of 100 milliseconds used");
    }

    @Test
    void aSteadyRhythmStaysWithinAQuarter() {
        assertEquals(75, new Backoff(BASE, CAP, () -> 0).aroundMillis(BASE));
        assertEquals(124, new Backoff(BASE, CAP, () -> 0.999_999).aroundMillis(BASE));
    }
}
