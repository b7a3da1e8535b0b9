package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Loop;

/** Memory that uploads share. */
class ByteBudgetTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final ByteBudget budget = new ByteBudget(10);

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    @Test
    void whoWaitsIsServedInOrder() {
        assertTrue(budget.tryReserve(10));
        Future<Void> first = loop.start(() -> budget.reserve(vertx, 8, LONG));
        Future<Void> second = loop.start(() -> budget.reserve(vertx, 2, LONG));
        us.kbase.caching.testing.Await.until("both wait", () -> budget.waiting() == 2);
        budget.release(10);

        Loop.await(first);
        Loop.await(second);
        assertEquals(0, budget.freeBytes());
    }

    @Test
    void waitingEndsAfterAWhileAndTakesNothing() {
        assertTrue(budget.tryReserve(10));
        Throwable failure = loop.failureOf(() -> budget.reserve(vertx, 8, Duration.ofMillis(20)));

        assertInstanceOf(Failure.Busy.class, failure);
        budget.release(10);
        assertEquals(10, budget.freeBytes());
    }

    @Test
    void whoGivesUpMakesWayForThoseBehind() {
        assertTrue(budget.tryReserve(5));
        Future<Void> large = loop.start(() -> budget.reserve(vertx, 8, Duration.ofMillis(200)));
        us.kbase.caching.testing.Await.until("the large one waits", () -> budget.waiting() == 1);
        Future<Void> small = loop.start(() -> budget.reserve(vertx, 5, LONG));

        Loop.await(small);
        assertTrue(large.failed());
    }
}
