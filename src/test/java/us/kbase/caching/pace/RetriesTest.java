package us.kbase.caching.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Loop;

/** One policy for all that is repeated. */
class RetriesTest {

    private static final RuntimeException FAULT = new RuntimeException("fault");

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final Retries retries = new Retries(vertx);
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private Future<String> failing(int times) {
        return calls.incrementAndGet() <= times ? Future.failedFuture(FAULT) : Future.succeededFuture("done");
    }

    @Test
    void aFaultThatPassesIsNotSeen() {
        assertEquals("done", loop.call(() -> retries.run(() -> failing(2), cause -> true)));
        assertEquals(3, calls.get());
    }

    @Test
    void aThirdFaultIsTold() {
        assertSame(FAULT, loop.failureOf(() -> retries.run(() -> failing(9), cause -> true)));
        assertEquals(3, calls.get());
    }

    @Test
    void whatDoesNotPassIsNotTriedAgain() {
        assertSame(FAULT, loop.failureOf(() -> retries.run(() -> failing(1), cause -> false)));
        assertEquals(1, calls.get());
    }

    @Test
    void anOutageGetsATenthMoreThanItsClientsAskForAndNotThreeTimesAsMuch() {
        int clients = 2_000;
        loop.call(() -> {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(retries.run(() -> failing(Integer.MAX_VALUE), cause -> true)
                        .otherwiseEmpty());
            }
            return Future.all(all);
        });
        assertTrue(calls.get() <= clients * 1.1 + 50, calls + " calls");
    }

    @Test
    void whatWasSpentIsEarnedAgainByCallsThatGoWell() {
        while (retries.spend()) {
            calls.incrementAndGet();
        }
        calls.set(0);
        for (int i = 0; i < 30; i++) {
            loop.call(() -> retries.run(Future::<Void>succeededFuture, cause -> true));
        }
        assertEquals("done", loop.call(() -> retries.run(() -> failing(2), cause -> true)));
    }
}
