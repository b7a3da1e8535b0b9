package us.kbase.caching.stress.siege.wire;

/** How many bytes may move by now, at a pace that is not made up for: who was hindered goes on at the pace. */
final class Pacer {

    private static final double BURST_SECONDS = 0.25;

    private final long bytesPerSecond;
    private double credit;
    private long lastNanos;

    Pacer(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.lastNanos = nowNanos;
    }

    boolean isFull() {
        return bytesPerSecond == Visit.FULL;
    }

    /** How many bytes may move now. */
    long allowed(long nowNanos) {
        if (isFull()) {
            return Visit.FULL;
        }
        double seconds = (nowNanos - lastNanos) / 1e9;
        lastNanos = nowNanos;
        // One byte more: a pace of one byte in ten seconds is a pace too.
        credit = Math.min(credit + seconds * bytesPerSecond, 1 + bytesPerSecond * BURST_SECONDS);
        return (long) credit;
    }

    /** So many did. */
    void moved(long bytes) {
        if (!isFull()) {
            credit -= bytes;
        }
    }
}
