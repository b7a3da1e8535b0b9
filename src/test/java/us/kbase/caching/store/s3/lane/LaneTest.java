package us.kbase.caching.store.s3.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.OnBehalf;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;

/** Whose turn it is to use a connection to S3. */
class LaneTest {

    private static final long LONG = 60_000;
    private static final BooleanSupplier BUSY = () -> false;
    private static final BooleanSupplier IDLE = () -> true;

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final LaneLoad load = new LaneLoad();

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private Lane calls(int busyMax) {
        return calls(limit(busyMax));
    }

    private Lane calls(BusyLimit limit) {
        return Lane.ofCalls(vertx, limit, (open, ofUser) -> Optional.of(() -> {}), load);
    }

    private Lane transfers(BusyLimit limit) {
        return Lane.ofTransfers(vertx, limit, LaneRoom.ofTransfers(room(1000)), load);
    }

    private Lane transfers(int busyMax, Budget budget) {
        return Lane.ofTransfers(vertx, limit(busyMax), LaneRoom.ofTransfers(budget), load);
    }

    private static BusyLimit limit(int busyMax) {
        return BusyLimit.ofCalls(busyMax, new RecentUsers(System::nanoTime), System::nanoTime);
    }

    private static Budget room(int transfers) {
        return Budget.of("transfers", (long) transfers * LaneRoom.TRANSFER_BYTES);
    }

    /** Enters as a request of that user does: on a context of its own. */
    private Lane.Place enter(Lane lane, String user, long waitMillis, BooleanSupplier waits) {
        Lane.Pace pace = new Lane.Pace() {
            @Override
            public boolean waitsForClient() {
                return waits.getAsBoolean();
            }

            @Override
            public boolean waitsForAnswer() {
                return waits.getAsBoolean();
            }
        };
        return loop.call(() -> {
            ContextInternal request = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
            List<Lane.Place> entered = new ArrayList<>();
            request.dispatch(v -> {
                OnBehalf.user(user);
                entered.add(lane.enter(waitMillis, pace));
            });
            return Future.succeededFuture(entered.get(0));
        });
    }

    private void end(Lane.Place place) {
        loop.call(() -> {
            place.end();
            return Future.succeededFuture();
        });
    }

    private boolean begun(Lane.Place place) {
        return loop.call(() -> Future.succeededFuture(place.turn().succeeded()));
    }

    @Test
    void noMoreAreBusyThanTheLaneAllows() {
        Lane lane = calls(2);
        Lane.Place first = enter(lane, "alice", LONG, BUSY);
        enter(lane, "alice", LONG, BUSY);
        Lane.Place third = enter(lane, "alice", LONG, BUSY);
        assertFalse(begun(third));
        end(first);
        Await.until("its turn", () -> begun(third));
        assertEquals(2, load.busy());
    }

    /** As when the client of all is closed: who is served fails at once, and so leaves its place to the next. */
    @Test
    void manyThatEndAsSoonAsTheyAreServedNeedNoStack() {
        Lane lane = calls(1);
        Lane.Place running = enter(lane, "alice", LONG, BUSY);
        for (int hundred = 0; hundred < 200; hundred++) {
            loop.call(() -> {
                for (int i = 0; i < 100; i++) {
                    Lane.Place place = lane.enter(LONG, Lane.Pace.CALL);
                    place.turn().onComplete(served -> place.end());
                }
                return Future.succeededFuture();
            });
        }
        end(running);
        assertEquals(0, load.waiting());
        assertEquals(0, load.busy());
    }

    @Test
    void usersTakeTurnsSoThatOneCallWaitsForOneOtherAtMost() {
        Lane lane = calls(1);
        Lane.Place running = enter(lane, "alice", LONG, BUSY);
        List<Lane.Place> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(enter(lane, "alice", LONG, BUSY));
        }
        Lane.Place bobs = enter(lane, "bob", LONG, BUSY);
        end(running);
        Await.until("the first that waited", () -> begun(many.get(0)));
        end(many.get(0));
        Await.until("the other user's", () -> begun(bobs));
    }

    @Test
    void aTransferThatWaitsForItsClientLeavesItsTurnToAnother() {
        Lane lane = transfers(1, room(100));
        enter(lane, "alice", LONG, IDLE);
        Lane.Place second = enter(lane, "alice", LONG, BUSY);
        Await.until("the slow one was seen", () -> begun(second));
        assertEquals(2, load.open());
        assertEquals(1, load.busy());
    }

    @Test
    void aTransferThatGoesOnIsBusyAgain() {
        Lane lane = transfers(2, room(100));
        AtomicBoolean slow = new AtomicBoolean(true);
        enter(lane, "alice", LONG, slow::get);
        Await.until("it was seen to wait", () -> load.busy() == 0);
        slow.set(false);
        Await.until("it was seen to go on", () -> load.busy() == 1);
    }

    @Test
    void theFirstTransferOfAUserDoesNotWaitForLongOnesOfOthers() {
        Lane lane = transfers(1, room(100));
        enter(lane, "alice", LONG, BUSY);
        assertFalse(begun(enter(lane, "alice", LONG, BUSY)));
        assertTrue(begun(enter(lane, "bob", LONG, BUSY)));
    }

    @Test
    void oneUsersTransfersLeaveMemoryForAnothers() {
        Budget budget = room(10);
        Lane lane = transfers(1000, budget);
        for (int i = 0; i < 20; i++) {
            enter(lane, "alice", LONG, BUSY);
        }
        assertEquals(5, load.open());
        assertTrue(begun(enter(lane, "bob", LONG, BUSY)));
        assertTrue(begun(enter(lane, "carol", LONG, BUSY)));
    }

    @Test
    void whoWaitsForMemoryIsServedWhenAnotherLoopGivesItBack() {
        Budget budget = room(1);
        Budget.Payment elsewhere = budget.tryTake(LaneRoom.TRANSFER_BYTES).orElseThrow();
        Lane.Place place = enter(transfers(4, budget), "alice", LONG, BUSY);
        assertFalse(begun(place));
        elsewhere.giveBack();
        Await.until("its turn", () -> begun(place));
    }

    /** The limit of a store that is known to be next door, and that several users have wanted just now; time stands still for it. */
    private Lane wantedBySeveral(Function<BusyLimit, Lane> open) {
        Lane lane = open.apply(BusyLimit.ofCalls(48, new RecentUsers(() -> 0), () -> 0));
        enter(lane, "bob", LONG, BUSY);
        enter(lane, "alice", LONG, BUSY);
        loop.call(() -> {
            lane.looked(1_000_000);
            return Future.succeededFuture();
        });
        return lane;
    }

    @Test
    void aCrowdLeavesTheStoreToAnotherUser() {
        Lane lane = wantedBySeveral(this::transfers);
        List<Lane.Place> crowd = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            crowd.add(enter(lane, "alice", LONG, BUSY));
        }
        Lane.Place bobs = enter(lane, "bob", LONG, BUSY);
        assertEquals(BusyLimit.FEW, load.busy());
        end(crowd.get(0));
        assertTrue(begun(crowd.get(2)));
        end(crowd.get(1));
        assertTrue(begun(bobs));
    }

    /** As many have begun as may, and one waits until they are no longer young. */
    private void oneMoreBeginsInTime(Lane lane) {
        enter(lane, "alice", LONG, BUSY);
        enter(lane, "alice", LONG, BUSY);
        Lane.Place next = enter(lane, "alice", LONG, BUSY);
        assertFalse(begun(next));
        Await.until("its turn", () -> begun(next));
    }

    /** As of ten long downloads, which keep a store busy for minutes. */
    @Test
    void whoLastsLongLeavesRoomForOneThatBegins() {
        oneMoreBeginsInTime(wantedBySeveral(this::transfers));
        assertEquals(BusyLimit.FEW + 1, load.busy());
    }

    @Test
    void aCallOfALateStoreLeavesRoomForOneThatBegins() {
        oneMoreBeginsInTime(wantedBySeveral(this::calls));
    }

    @Test
    void waitingEndsWithBusy() {
        Lane lane = calls(1);
        enter(lane, "alice", LONG, BUSY);
        Lane.Place late = enter(lane, "alice", 20, BUSY);
        Await.failure(Failure.Busy.class, late.turn());
        assertEquals(0, load.waiting());
    }

    @Test
    void whoeverLeavesTheQueueIsNotServed() {
        Lane lane = calls(1);
        Lane.Place running = enter(lane, "alice", LONG, BUSY);
        Lane.Place left = enter(lane, "alice", LONG, BUSY);
        Lane.Place next = enter(lane, "alice", LONG, BUSY);
        end(left);
        end(running);
        Await.until("the next one's turn", () -> begun(next));
        assertFalse(begun(left));
    }

    @Test
    void everythingIsGivenBackOnceHoweverOftenAnOwnerEndsIt() {
        Budget budget = room(10);
        Lane lane = transfers(1, budget);
        List<Lane.Place> places = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            places.add(enter(lane, "user " + i % 3, LONG, i % 2 == 0 ? IDLE : BUSY));
        }
        for (int i = 0; i < 2; i++) {
            places.forEach(this::end);
        }
        assertEquals(0, budget.usedBytes());
        assertEquals(List.of(0, 0, 0), List.of(load.open(), load.busy(), load.waiting()));
    }
}
