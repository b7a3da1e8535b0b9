package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;

/** Which parts are under way while small calls are slow, on a clock that the test moves. */
class PartThrottleTest {

    private static final int QUICK_MILLIS = 2;
    private static final int SLOW_MILLIS = 80;

    private final AtomicLong nanos = new AtomicLong();
    private final List<PartThrottle.Turn> begun = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Loop loop;
    private PartThrottle turns;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        turns = new PartThrottle(vertx, nanos::get);
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private void parts(int count) {
        for (int i = 0; i < count; i++) {
            loop.call(() -> {
                turns.next().onSuccess(begun::add);
                return Future.succeededFuture();
            });
        }
    }

    private void smallCalls(int count, int millis) {
        for (int i = 0; i < count; i++) {
            loop.call(() -> {
                turns.looked(Duration.ofMillis(millis).toNanos());
                return Future.succeededFuture();
            });
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
        }
    }

    private void end(PartThrottle.Turn turn) {
        loop.call(() -> {
            turn.end();
            return Future.succeededFuture();
        });
    }

    private void crowd() {
        smallCalls(1, QUICK_MILLIS);
        smallCalls(10, SLOW_MILLIS);
    }

    @Test
    void allPartsBeginAtOnceWhileSmallCallsAreQuick() {
        smallCalls(10, QUICK_MILLIS);
        parts(7);
        assertEquals(7, begun.size());
    }

    @Test
    void oneByOneWhileSmallCallsAreSlow() {
        crowd();
        parts(3);
        assertEquals(1, begun.size());
        end(begun.get(0));
        assertEquals(2, begun.size());
        end(begun.get(1));
        assertEquals(3, begun.size());
    }

    /** As when the uploads of all have failed meanwhile. */
    @Test
    void manyThatEndAsSoonAsTheyBeginNeedNoStack() {
        crowd();
        parts(1);
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            turns.next().onSuccess(turn -> {
                ended.incrementAndGet();
                turn.end();
            });
        }
        begun.get(0).end();
        assertEquals(100_000, ended.get());
    }

    @Test
    void whatIsUnderWayGoesOnWhenSmallCallsBecomeSlowAndTheNextWaitsForAllOfIt() {
        parts(2);
        crowd();
        parts(1);
        end(begun.get(0));
        assertEquals(2, begun.size());
        end(begun.get(1));
        assertEquals(3, begun.size());
    }

    @Test
    void oneMoreEachTimeThatSmallCallsAreQuickAgain() {
        crowd();
        parts(4);
        assertEquals(1, begun.size());
        for (int calls = 0; begun.size() == 1 && calls < 50; calls++) {
            smallCalls(1, QUICK_MILLIS);
        }
        assertEquals(2, begun.size());
        smallCalls(1, QUICK_MILLIS);
        assertEquals(3, begun.size());
    }

    @Test
    void aStoreThatIsFarAwayIsNotABusyOne() {
        smallCalls(30, SLOW_MILLIS);
        parts(5);
        assertEquals(5, begun.size());
    }

    @Test
    void whereNobodyHasSmallCallsNobodyWaits() {
        crowd();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        parts(5);
        assertEquals(5, begun.size());
    }

    @Test
    void aTurnEndsOnceHoweverOftenItsOwnerSaysSo() {
        crowd();
        parts(3);
        end(begun.get(0));
        end(begun.get(0));
        assertEquals(2, begun.size());
    }

    @Test
    void nobodyWaitsForASlowSender() {
        crowd();
        parts(2);
        loop.call(() -> {
            begun.get(0).endWhenStarved(() -> true);
            return Future.succeededFuture();
        });
        Await.until("the other's turn", () -> begun.size() == 2);
    }

    @Test
    void nobodyWaitsLongForAStoreThatStandsStill() {
        crowd();
        parts(2);
        loop.call(() -> {
            begun.get(0).endWhenStarved(() -> false);
            return Future.succeededFuture();
        });
        Await.until("the other's turn", () -> begun.size() == 2);
    }
}
