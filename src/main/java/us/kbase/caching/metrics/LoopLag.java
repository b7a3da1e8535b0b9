package us.kbase.caching.metrics;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much later than asked an event loop runs a task: what a client waits at worst for the loop alone. Asked ten times a second;
 * shown is the longest of the last ten to twenty seconds. One per event loop, written on it, read by any thread.
 */
final class LoopLag {

    private static final long EVERY_MILLIS = 100;
    private static final int TICKS_PER_PERIOD = 100;

    private long dueNanos;
    private int ticks;
    private long thisPeriodNanos;
    private volatile long lastPeriodNanos;
    private volatile long longestNanos;

    private LoopLag() {}

    /** Begins on every event loop; ends with the loop. */
    static List<LoopLag> watch(Vertx vertx) {
        List<LoopLag> lags = new ArrayList<>();
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            LoopLag lag = new LoopLag();
            lags.add(lag);
            loop.execute(() -> lag.next(loop));
        }
        return lags;
    }

    private void next(EventExecutor loop) {
        dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
        if (!loop.isShuttingDown()) {
            var ticking = loop.schedule(() -> tick(loop), EVERY_MILLIS, TimeUnit.MILLISECONDS);
            assert !ticking.isCancelled();
        }
    }

    private void tick(EventExecutor loop) {
        thisPeriodNanos = Math.max(thisPeriodNanos, System.nanoTime() - dueNanos);
        if (++ticks == TICKS_PER_PERIOD) {
            lastPeriodNanos = thisPeriodNanos;
            thisPeriodNanos = 0;
            ticks = 0;
        }
        longestNanos = Math.max(lastPeriodNanos, thisPeriodNanos);
        next(loop);
    }

    double seconds() {
        return longestNanos / 1e9;
    }
}
