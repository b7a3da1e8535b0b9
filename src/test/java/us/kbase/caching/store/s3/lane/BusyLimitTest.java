package us.kbase.caching.store.s3.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.OnBehalf;

/** How many exchanges may be busy at once, on a clock that the test moves. */
class BusyLimitTest {

    private static final int MOST = 48;
    private static final int CROWD = 1_000;
    private static final Duration QUICK = Duration.ofMillis(1);
    private static final Duration SLOW = Duration.ofMillis(80);

    private final AtomicLong nanos = new AtomicLong();
    private final BusyLimit limit = limit(MOST);

    private BusyLimit limit(int most) {
        return BusyLimit.ofCalls(most, new RecentUsers(nanos::get), nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Two users come for so long, and each tenth of a second a look is answered. */
    private void looks(int tenthsOfSecond, Duration took, int wanted) {
        for (int i = 0; i < tenthsOfSecond; i++) {
            look(limit, took, now(), wanted - now(), "alice", "bob");
        }
    }

    private void looksOfAliceAlone(int tenthsOfSecond, Duration took) {
        for (int i = 0; i < tenthsOfSecond; i++) {
            look(limit, took, MOST, CROWD, "alice");
        }
    }

    /** These users come, and a tenth of a second later a look is answered. */
    private void look(BusyLimit which, Duration took, int begun, int waiting, String... users) {
        List.of(users).forEach(which::came);
        pass(Duration.ofMillis(100));
        which.looked(took.toNanos(), begun, waiting);
    }

    private int now() {
        return limit.now();
    }

    @Test
    void aCrowdMeetsAStoreThatHasFewCallsAtOnce() {
        looks(50, QUICK, 3);
        assertEquals(BusyLimit.FEW, now());
    }

    @Test
    void moreAreAllowedWhileLooksStayQuick() {
        looks(20, QUICK, CROWD);
        assertEquals(MOST, now());
    }

    @Test
    void halfOfThemEachTimeThatLooksAreLongAndNeverFewerThanAFew() {
        looks(20, QUICK, CROWD);
        looks(2, SLOW, CROWD);
        int before = now();
        looks(1, SLOW, CROWD);
        assertEquals(before / 2, now());
        looks(3, SLOW, CROWD);
        assertEquals(BusyLimit.FEW, now());
    }

    @Test
    void transfersGoOneByOneWhileLooksAreLong() {
        BusyLimit transfers = BusyLimit.ofTransfers(MOST, new RecentUsers(nanos::get), nanos::get);
        for (int tenths = 0; tenths < 10; tenths++) {
            look(transfers, tenths == 0 ? QUICK : SLOW, 1, CROWD, "alice", "bob");
        }
        assertEquals(1, transfers.now());
    }

    @Test
    void whatNobodyUsesIsNotThereForTheNextCrowd() {
        looks(20, QUICK, CROWD);
        looks(20, QUICK, 2);
        assertEquals(BusyLimit.FEW, now());
    }

    @Test
    void aStoreThatIsFarAwayIsNotABusyOne() {
        looks(20, SLOW, CROWD);
        assertEquals(MOST, now());
    }

    /** Where fewer calls at once do not make looks quicker, it is not the calls that make them slow. */
    @Test
    void aStoreThatBecameSlowForItsOwnReasonsGetsAllThatItTakesAgain() {
        looks(20, QUICK, CROWD);
        looks(60, Duration.ofMillis(500), CROWD);
        assertEquals(MOST, now());
    }

    @Test
    void whoHasTheStoreAloneHasAllOfIt() {
        looks(1, QUICK, 3);
        looksOfAliceAlone(20, QUICK);
        assertEquals(MOST, now());
    }

    @Test
    void whoComesToALoneCrowdFindsItHeldBackAtOnce() {
        looksOfAliceAlone(100, SLOW);
        limit.came("bob");
        assertEquals(BusyLimit.FEW, now());
    }

    /** As of 48 uploads that had begun before anybody else came. */
    @Test
    void whatIsStillDrainingIsNoReasonToDoubt() {
        looks(1, QUICK, 3);
        for (int left = 200; left > 100; left--) {
            look(limit, SLOW, left, CROWD, "alice", "bob");
        }
        assertEquals(BusyLimit.FEW, now());
    }

    @Test
    void theGatewaysOwnWorkIsNoOtherUser() {
        looks(10, QUICK, CROWD);
        pass(Duration.ofSeconds(1));
        limit.came("bob");
        limit.came(OnBehalf.NOBODY);
        limit.came("bob");
        limit.looked(QUICK.toNanos(), 1, 0);
        assertEquals(MOST, now());
    }

    @Test
    void aStoreOfWhichNothingIsKnownHasNoLimitOfItsOwn() {
        looks(10, QUICK, 3);
        pass(Duration.ofSeconds(1));
        limit.came("alice");
        limit.came("bob");
        assertEquals(MOST, now());
    }

    @Test
    void theConfiguredNumberIsNeverPassed() {
        BusyLimit one = limit(1);
        for (int i = 0; i < 30; i++) {
            look(one, QUICK, 1, CROWD, "alice", "bob");
            assertEquals(1, one.now());
        }
    }
}
