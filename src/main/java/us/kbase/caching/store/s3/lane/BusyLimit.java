package us.kbase.caching.store.s3.lane;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many exchanges of a lane may begin at once. What the store has been given waits there in no fair order, so while several users
 * want it no more is given than it works through without delay: few at first, more while looks stay quick, half of it when they do not
 * (docs/adr/0065). Where one user has the store alone, or nothing is learned of its pace, only the configured number counts. Not safe
 * for threads.
 */
public final class BusyLimit {

    /** As many begin at once before anything is learned. Enough to keep a store next door at work with calls. */
    static final int FEW = 4;

    private static final long CHANGE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

    private final int least;
    private final int most;
    private final RecentUsers users;
    private final LongSupplier nanoTime;
    private final LookTimes times = new LookTimes();
    private int allowed = FEW;
    private int begunBefore;
    private long lookedNanos;
    private long changedNanos;

    private BusyLimit(int least, int most, RecentUsers users, LongSupplier nanoTime) {
        this.least = least;
        this.most = most;
        this.users = users;
        this.nanoTime = nanoTime;
        this.lookedNanos = nanoTime.getAsLong() - QUIET_NANOS;
        this.changedNanos = lookedNanos;
    }

    /**
     * A limit of calls that has learned nothing.
     *
     * @param most as many may be busy in any case
     */
    public static BusyLimit ofCalls(int most, RecentUsers users, LongSupplier nanoTime) {
        return new BusyLimit(FEW, most, users, nanoTime);
    }

    /** The same of transfers. One of them can keep a processor of the store busy. */
    public static BusyLimit ofTransfers(int most, RecentUsers users, LongSupplier nanoTime) {
        return new BusyLimit(1, most, users, nanoTime);
    }

    /** Somebody wants to use the store. */
    void came(String user) {
        users.came(user);
    }

    /** As many may be busy in any case. */
    int most() {
        return most;
    }

    /** How many may have begun lately and be busy, at least one. */
    int now() {
        boolean unknown = nanoTime.getAsLong() - lookedNanos >= QUIET_NANOS;
        return unknown || !users.areSeveral() ? most : Math.min(allowed, most);
    }

    /**
     * Learns from a look that was answered now.
     *
     * @param tookNanos from when it was ready to be sent
     * @param begun exchanges that began lately and are busy
     * @param waiting those that wait for their turn
     */
    void looked(long tookNanos, int begun, int waiting) {
        long now = nanoTime.getAsLong();
        times.add(now, tookNanos);
        lookedNanos = now;
        if (!users.areSeveral()) {
            allowed = Math.min(allowed, FEW); // how long looks take is not due to this limit, which nobody is held to
            return;
        }
        if (now - changedNanos < CHANGE_NANOS) {
            return; // what was changed last has to be seen first
        }
        changedNanos = now;
        if (times.areLong()) {
            allowFewer(now, begun);
        } else if (begun + waiting > allowed) {
            allowed = Math.min(most, allowed + Math.max(1, allowed / 4));
        } else if (2 * (begun + waiting) < allowed) {
            allowed = Math.min(allowed, Math.max(FEW, allowed / 2)); // what nobody uses is not there for the next crowd
        }
        begunBefore = begun;
    }

    private void allowFewer(long now, int begun) {
        if (allowed > least) {
            allowed = Math.max(least, allowed / 2);
        } else if (begun >= begunBefore) { // what was given to the store before is not about to become less
            times.doubt(now);
        }
    }
}
