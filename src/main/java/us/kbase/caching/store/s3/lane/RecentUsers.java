package us.kbase.caching.store.s3.lane;

import java.time.Duration;
import java.util.function.LongSupplier;
import us.kbase.caching.store.OnBehalf;

/**
 * Whether several users wanted the store lately, on any event loop. Whoever has it alone need not leave any of it to others. Any thread;
 * of two that come at the same instant one may be missed, and is seen the next time.
 */
public final class RecentUsers {

    private static final long LATELY_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;
    private volatile String latest = OnBehalf.NOBODY;
    private volatile long changedNanos;

    /** Nobody came yet. */
    public RecentUsers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.changedNanos = nanoTime.getAsLong() - LATELY_NANOS;
    }

    /** As the system's clock goes. */
    public RecentUsers() {
        this(System::nanoTime);
    }

    /** The gateway's own work is nobody's, and counts as no user. */
    void came(String user) {
        if (user.equals(OnBehalf.NOBODY) || user.equals(latest)) {
            return;
        }
        if (!latest.equals(OnBehalf.NOBODY)) {
            changedNanos = nanoTime.getAsLong();
        }
        latest = user;
    }

    /** Whether the last second saw more than one. */
    boolean areSeveral() {
        return nanoTime.getAsLong() - changedNanos < LATELY_NANOS;
    }
}
