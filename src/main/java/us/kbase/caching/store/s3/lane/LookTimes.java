package us.kbase.caching.store.s3.lane;

import java.time.Duration;

/**
 * How long the store takes to look something up by HEAD, against the shortest of the last half minute: what is long for a server next
 * door is short for one far away. Not safe for threads.
 */
public final class LookTimes {

    private static final long WINDOW_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long DOUBTED_WINDOW_NANOS = Duration.ofMillis(500).toNanos();
    private static final long UNNOTICED_NANOS = Duration.ofMillis(10).toNanos();
    private static final int LONG_TIMES = 4;
    private static final int SMOOTHING = 8;

    private long windowEndNanos;
    private long shortestNanos = Long.MAX_VALUE;
    private long shortestBeforeNanos = Long.MAX_VALUE;
    private long usualNanos;

    /** A look that was answered now. */
    public void add(long nowNanos, long tookNanos) {
        if (shortestNanos == Long.MAX_VALUE || nowNanos - windowEndNanos >= 0) {
            windowEndNanos = nowNanos + WINDOW_NANOS;
            shortestBeforeNanos = shortestNanos;
            shortestNanos = tookNanos;
        }
        shortestNanos = Math.min(shortestNanos, tookNanos);
        usualNanos += (tookNanos - usualNanos) / SMOOTHING;
    }

    /** Whether looks usually take much longer than they could. */
    public boolean areLong() {
        long shortest = Math.min(shortestNanos, shortestBeforeNanos);
        return usualNanos > Math.max(LONG_TIMES * shortest, shortest + UNNOTICED_NANOS);
    }

    /** They are long and nothing helps: what they could take is learned anew, of the next second. To be said as often as it is so. */
    void doubt(long nowNanos) {
        if (windowEndNanos - nowNanos > DOUBTED_WINDOW_NANOS) {
            windowEndNanos = nowNanos + DOUBTED_WINDOW_NANOS;
        }
    }
}
