package us.kbase.caching.store.s3.upload;

import java.time.Duration;

/**
 * How long small calls take, against the shortest of the last half minute: what is long for a server next door is short for one
 * far away.
 */
final class CallTimes {

    private static final long WINDOW_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long UNNOTICED_NANOS = Duration.ofMillis(10).toNanos();
    private static final int LONG_TIMES = 4;
    private static final int SMOOTHING = 8;

    private long windowEndNanos;
    private long shortestNanos = Long.MAX_VALUE;
    private long shortestBeforeNanos = Long.MAX_VALUE;
    private long usualNanos;

    /** A call that was answered now. */
    void add(long nowNanos, long tookNanos) {
        if (shortestNanos == Long.MAX_VALUE || nowNanos - windowEndNanos >= 0) {
            windowEndNanos = nowNanos + WINDOW_NANOS;
            shortestBeforeNanos = shortestNanos;
            shortestNanos = tookNanos;
        }
        shortestNanos = Math.min(shortestNanos, tookNanos);
        usualNanos += (tookNanos - usualNanos) / SMOOTHING;
    }

    /** Whether calls usually take much longer than they could. */
    boolean areLong() {
        long shortest = Math.min(shortestNanos, shortestBeforeNanos);
        return usualNanos > Math.max(LONG_TIMES * shortest, shortest + UNNOTICED_NANOS);
    }
}
