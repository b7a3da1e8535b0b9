package us.kbase.caching.store.s3.lane;

import java.time.Duration;
import java.util.function.LongSupplier;
import us.kbase.caching.store.OnBehalf;

/** Whether several users came lately. Whoever has the store alone need not leave any of it to others. Not safe for threads. */
public final class RecentUsers {

    private static final long LATELY_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;
    private String latest = OnBehalf.NOBODY;
    private long changedNanos;

    /** Nobody came yet. */
    public RecentUsers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.changedNanos = nanoTime.getAsLong() - LATELY_NANOS;
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
