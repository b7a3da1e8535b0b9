package us.kbase.caching.store.disk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This machine's clock, of which no jump destroys anything. It never steps back: where the machine's clock is behind, it goes at nine
 * tenths of the speed until that one has caught up. It does not follow a leap ahead before that one has stood for a while, and goes
 * on at its own pace meanwhile: what has expired by a clock that was wrong for a moment is still there (docs/adr/0042). Any thread.
 */
public final class SteadyClock implements InstantSource {

    /** What is followed at once: less matters to nobody's lifetime. */
    static final Duration LEAP = Duration.ofMinutes(1);

    /** How long a leap has to stand before it is believed: after a suspended machine's too. */
    static final Duration BELIEVED_AFTER = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(SteadyClock.class);

    private final InstantSource local;
    private final LongSupplier nanoTime;
    private Instant now;
    private long atNanos;
    private boolean leapt;
    private long leaptAtNanos;

    /** Begins at the machine's time. */
    public SteadyClock() {
        this(InstantSource.system(), System::nanoTime);
    }

    SteadyClock(InstantSource local, LongSupplier nanoTime) {
        this.local = local;
        this.nanoTime = nanoTime;
        this.now = local.instant();
        this.atNanos = nanoTime.getAsLong();
    }

    @Override
    public synchronized Instant instant() {
        long nanos = nanoTime.getAsLong();
        long elapsed = Math.max(0, nanos - atNanos);
        atNanos = nanos;
        Instant there = local.instant();
        Instant steady = now.plusNanos(elapsed);
        if (steady.isAfter(there)) {
            leapt = false;
            Instant slowly = now.plusNanos(elapsed - elapsed / 10);
            now = slowly.isAfter(there) ? slowly : there;
        } else {
            now = isBelieved(Duration.between(steady, there), nanos) ? there : steady;
        }
        return now;
    }

    private boolean isBelieved(Duration ahead, long nanos) {
        if (ahead.compareTo(LEAP) <= 0) {
            leapt = false;
            return true;
        }
        if (!leapt) {
            leapt = true;
            leaptAtNanos = nanos;
            log.warn(
                    "The clock leapt ahead by {} s; it is followed when that has stood for {} minutes",
                    ahead.toSeconds(),
                    BELIEVED_AFTER.toMinutes());
        }
        if (nanos - leaptAtNanos < BELIEVED_AFTER.toNanos()) {
            return false;
        }
        leapt = false;
        log.warn("The clock's leap ahead by {} s is followed from now on", ahead.toSeconds());
        return true;
    }
}
