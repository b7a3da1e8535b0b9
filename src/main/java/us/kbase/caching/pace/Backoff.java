package us.kbase.caching.pace;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Exponential back-off with full jitter: each pause is drawn evenly between nothing and a bound, which doubles from a base up to a
 * cap. Many who meet the same fault at the same moment so spread by themselves, and the first pause spreads them too (Exponential
 * Backoff And Jitter, AWS Architecture Blog, 2015). Not safe for threads: its owner guards it.
 */
public final class Backoff {

    private final long capMillis;
    private final long baseMillis;
    private final DoubleSupplier random;
    private long boundMillis;

    /**
     * A back-off that has met no fault.
     *
     * @param base the bound of the first pause, at least a millisecond
     * @param cap the bound that is never passed
     * @param random evenly from 0 (included) to 1 (excluded)
     */
    public Backoff(Duration base, Duration cap, DoubleSupplier random) {
        this.baseMillis = Math.max(1, base.toMillis());
        this.capMillis = Math.max(baseMillis, cap.toMillis());
        this.random = random;
        this.boundMillis = baseMillis;
    }

    /** The same, with the usual randomness. */
    public Backoff(Duration base, Duration cap) {
        this(base, cap, Backoff::random);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** The pause after one more fault: at least a millisecond, at most the cap. */
    public long nextMillis() {
        long pause = 1 + (long) (random.getAsDouble() * boundMillis);
        boundMillis = boundMillis > capMillis / 2 ? capMillis : boundMillis * 2;
        return Math.min(pause, capMillis);
    }

    /** It went well: the next fault is the first again. */
    public void reset() {
        boundMillis = baseMillis;
    }

    /** A pause of a steady rhythm, drawn from three to five quarters of it, so that those who began together drift apart. */
    public long aroundMillis(Duration usual) {
        return Math.max(1, (long) (usual.toMillis() * (0.75 + random.getAsDouble() / 2)));
    }
}
