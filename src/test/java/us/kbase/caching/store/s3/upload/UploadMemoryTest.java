package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Memory that uploads take step by step. */
class UploadMemoryTest {

    private static final Runnable NEVER = () -> {
        throw new AssertionError("nobody should be told");
    };

    private final UploadMemory budget = new UploadMemory(10);
    private final List<String> served = new ArrayList<>();

    @Test
    void whoHoldsLittleLeavesTheRestToOthers() {
        UploadMemory.Share slow = budget.share(8);
        assertTrue(slow.grow(1, NEVER));

        assertTrue(budget.share(8).grow(8, NEVER));
        assertEquals(1, budget.freeBytes());
    }

    @Test
    void aStepThatWouldLeaveNobodyAbleToEndMustWait() {
        UploadMemory.Share one = budget.share(8);
        UploadMemory.Share two = budget.share(8);
        assertTrue(one.grow(4, NEVER));
        assertTrue(two.grow(2, NEVER));

        assertFalse(two.grow(1, () -> served.add("two")));
        assertTrue(one.grow(4, NEVER), "who is nearest to its end always may go on");
        one.close();
        assertEquals(List.of("two"), served);
        assertEquals(7, budget.freeBytes());
    }

    @Test
    void whoeverNeedsMoreThanThereIsIsRefusedBefore() {
        assertThrows(IllegalArgumentException.class, () -> budget.share(11));
    }

    @Test
    void whoWaitsIsServedInOrder() {
        UploadMemory.Share all = budget.share(10);
        assertTrue(all.grow(10, NEVER));
        assertFalse(budget.share(8).grow(1, () -> served.add("first")));
        assertFalse(budget.share(8).grow(1, () -> served.add("second")));
        all.close();

        assertEquals(List.of("first", "second"), served);
    }

    @Test
    void whoNoLongerWaitsGetsNothing() {
        UploadMemory.Share all = budget.share(10);
        assertTrue(all.grow(10, NEVER));
        UploadMemory.Share left = budget.share(8);
        assertFalse(left.grow(8, NEVER));

        assertTrue(left.withdraw());
        all.close();
        assertFalse(left.withdraw());
        assertEquals(10, budget.freeBytes());
    }

    @Test
    void whoLeavesGivesBackWhatItHeldToThoseWhoWait() {
        UploadMemory.Share nearest = budget.share(8);
        UploadMemory.Share leaver = budget.share(8);
        assertTrue(nearest.grow(6, NEVER));
        assertTrue(leaver.grow(2, NEVER));
        assertFalse(leaver.grow(1, NEVER));
        assertFalse(budget.share(4).grow(1, () -> served.add("behind")));

        leaver.close();
        assertEquals(List.of("behind"), served);
        assertEquals(0, budget.waiting());
    }

    @Test
    void whoNeedsNoMoreMakesOthersSteps() {
        UploadMemory.Share ending = budget.share(8);
        assertTrue(ending.grow(5, NEVER));
        assertFalse(budget.share(8).grow(3, () -> served.add("other")));

        ending.needsNoMore();
        assertEquals(List.of("other"), served);
    }

    @Test
    void whoNeedNotWaitTakesNothingFromThoseWhoWaitNorWhatIsToStayFree() {
        UploadMemory.Share guest = budget.share(0);
        assertTrue(guest.tryGrow(2, 8));
        assertFalse(guest.tryGrow(1, 8));
        assertFalse(budget.share(10).grow(9, NEVER));

        assertFalse(guest.tryGrow(1, 0));
    }

    @Test
    void closingTwiceGivesBackOnce() {
        UploadMemory.Share share = budget.share(8);
        assertTrue(share.grow(8, NEVER));
        share.close();
        share.close();

        assertEquals(10, budget.freeBytes());
        assertFalse(share.tryGrow(1, 0));
    }

    @Test
    void aUserWhoHasMuchBeginsNothingMoreSoThatAnotherFindsRoom() {
        UploadMemory shared = new UploadMemory(90);
        for (int i = 0; i < 9; i++) {
            shared.share(10, "alice").grow(10, () -> {});
        }
        assertEquals(30, shared.freeBytes());
        assertTrue(shared.share(10, "bob").grow(10, () -> {}));
        assertFalse(shared.share(0, "alice").tryGrow(1, 0));
    }

    @Test
    void ofThoseWhoWaitWhoHoldsLeastIsServedFirst() {
        UploadMemory shared = new UploadMemory(30);
        UploadMemory.Share all = shared.share(30, "alice");
        all.grow(30, () -> {});
        List<String> order = new ArrayList<>();
        shared.share(10, "alice").grow(10, () -> order.add("alice"));
        shared.share(10, "bob").grow(10, () -> order.add("bob"));
        all.shrink(15);
        all.close();
        assertEquals(List.of("bob", "alice"), order);
    }

    @Test
    void whoeverBeganWithLittleLeavesRoomForOthersWhenItGrows() {
        UploadMemory shared = new UploadMemory(100);
        List<UploadMemory.Share> alices = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            alices.add(shared.share(20, "alice"));
            assertTrue(alices.get(i).grow(5, () -> {}));
        }
        alices.forEach(share -> share.grow(15, () -> {}));
        assertTrue(shared.freeBytes() >= 20, shared.freeBytes() + " bytes are left");
        assertTrue(shared.share(20, "bob").grow(10, () -> {}));
    }

    @Test
    void oneUserAloneComesToItsEndHoweverMuchItHolds() {
        UploadMemory shared = new UploadMemory(100);
        int[] ended = {0};
        for (int i = 0; i < 50; i++) {
            takeAll(shared.share(10 + i, "alice"), 10 + i, () -> ended[0]++);
        }
        assertEquals(50, ended[0]);
        assertEquals(100, shared.freeBytes());
    }

    @Test
    void severalUsersAllComeToTheirEndInAnyOrderOfSteps() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            UploadMemory shared = new UploadMemory(100);
            List<Stepping> open = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int bytes = 1 + random.nextInt(100);
                open.add(new Stepping(shared.share(bytes, "user" + random.nextInt(4)), bytes));
            }
            for (int turns = 0; !open.isEmpty(); turns++) {
                assertTrue(turns < 100_000, "seed " + seed + ": " + open.size() + " never end");
                Stepping next = open.get(random.nextInt(open.size()));
                if (next.step(1 + random.nextInt(9))) {
                    open.remove(next);
                }
            }
            assertEquals(100, shared.freeBytes());
        }
    }

    /** Takes one step whenever it is asked and does not wait. */
    private static final class Stepping {
        private final UploadMemory.Share share;
        private int missing;
        private boolean waits;

        Stepping(UploadMemory.Share share, int missing) {
            this.share = share;
            this.missing = missing;
        }

        boolean step(int bytesMax) {
            if (waits) {
                return false;
            }
            if (missing == 0) {
                share.close();
                return true;
            }
            int bytes = Math.min(bytesMax, missing);
            missing -= bytes;
            waits = !share.grow(bytes, () -> waits = false);
            return false;
        }
    }

    /** Takes byte by byte, and gives everything back at its end. */
    private static void takeAll(UploadMemory.Share share, int bytes, Runnable end) {
        if (bytes == 0) {
            end.run();
            share.close();
        } else if (share.grow(1, () -> takeAll(share, bytes - 1, end))) {
            takeAll(share, bytes - 1, end);
        }
    }
}
