package us.kbase.caching.stress.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void allIsGoodWhenEveryJobEndedWellAndEveryByteWasVerified() {
        tally.plan(2, 10);
        tally.jobEnded(true);
        tally.jobEnded(true);
        tally.verified(20);
        assertTrue(tally.allGood());
    }

    @Test
    void aJobThatNeverEndsIsMissed() {
        tally.plan(2, 0);
        tally.jobEnded(true);
        assertFalse(tally.allGood());
    }

    @Test
    void aByteThatNobodyVerifiedIsMissed() {
        tally.plan(1, 10);
        tally.jobEnded(true);
        tally.verified(9);
        assertFalse(tally.allGood());
    }

    @Test
    void anErrorSpoilsARunWhoseJobsEndedWell() {
        tally.plan(1, 0);
        tally.jobEnded(true);
        tally.error("get", new CallFailed("status 500"));
        assertFalse(tally.allGood());
        assertEquals(Map.of("get: status 500", 1L), tally.errors());
    }

    @Test
    void latencyCountsFromWhenACallWasDueAndNotFromWhenItBegan() {
        long due = System.nanoTime() - 2_000_000_000L;
        tally.time("get", due, () -> Future.succeededFuture("reply"));
        Histogram micros = tally.latencyMicros().get("get");
        assertEquals(1, micros.getTotalCount());
        assertTrue(micros.getMaxValue() >= 2_000_000);
    }

    @Test
    void latenciesThatWereReadOnceAreStillThereTheNextTime() {
        tally.time("get", System.nanoTime(), () -> Future.succeededFuture("reply"));
        tally.latencyMicros();
        tally.time("get", System.nanoTime(), () -> Future.succeededFuture("reply"));
        assertEquals(2, tally.latencyMicros().get("get").getTotalCount());
    }

    @Test
    void aFailedCallHasNoLatency() {
        tally.time("get", System.nanoTime(), () -> Future.failedFuture(new CallFailed("status 503")));
        assertEquals(Map.of(), tally.latencyMicros());
    }
}
