package us.kbase.caching.limit;

/** A token bucket: so many requests a second on average, and as many at once after a second of rest. Any thread. */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private final double perSecond;
    private double tokens;
    private long filledNanos;

    /** A full one. */
    TokenBucket(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.filledNanos = nowNanos;
    }

    /**
     * Takes a token.
     *
     * @return 0 when there was one, else the nanoseconds until there is
     */
    synchronized long take(long nowNanos) {
        tokens = Math.min(perSecond, tokens + (nowNanos - filledNanos) / NANOS * perSecond);
        filledNanos = nowNanos;
        if (tokens >= 1) {
            tokens -= 1;
            return 0;
        }
        return (long) Math.ceil((1 - tokens) / perSecond * NANOS);
    }
}
