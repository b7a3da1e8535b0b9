package us.kbase.caching.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The watch sees what holds up an event loop, and not what is merely busy. */
class LoopWatchTest {

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Loop loop = new Loop(vertx);
    private final LoopWatch watch = new LoopWatch();

    @AfterEach
    void stop() {
        Await.result(vertx.close());
    }

    private String told() {
        return assertThrows(AssertionError.class, () -> watch.afterAll(null)).getMessage();
    }

    private void computeFor(long cpuNanos) {
        loop.call(() -> {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long begun = threads.getCurrentThreadCpuTime();
            while (threads.getCurrentThreadCpuTime() - begun < cpuNanos) {
                Thread.onSpinWait();
            }
            return Future.succeededFuture();
        });
    }

    @Test
    void seesALoopThatWaitsForAnotherThread() {
        CountDownLatch never = new CountDownLatch(1);
        loop.call(() -> {
            try {
                never.await(300, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Future.succeededFuture();
        });
        assertTrue(told().contains("CountDownLatch.await"));
    }

    @Test
    void seesALoopThatComputes() {
        computeFor(1_000_000_000L);
        assertTrue(told().contains("computed in one task"));
    }

    @Test
    void takesManyShortTasksForNoFault() {
        for (int i = 0; i < 2_000; i++) {
            computeFor(200_000L);
        }
        watch.afterAll(null);
    }
}
