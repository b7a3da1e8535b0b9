package us.kbase.caching.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Tells the time at which it was made plus the time elapsed since: setting the machine's clock does not move it. Any thread. */
public final class ElapsedClock implements InstantSource {

    private final Instant made;
    private final LongSupplier nanoTime;
    private final long madeNanos;

    /**
     * A clock that begins now.
     *
     * @param nanoTime counts nanoseconds from any moment, as {@link System#nanoTime} does
     */
    public ElapsedClock(InstantSource wall, LongSupplier nanoTime) {
        this.made = wall.instant();
        this.nanoTime = nanoTime;
        this.madeNanos = nanoTime.getAsLong();
    }

    @Override
    public Instant instant() {
        return made.plusNanos(nanoTime.getAsLong() - madeNanos);
    }
}
