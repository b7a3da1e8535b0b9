package us.kbase.caching.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The store's clock: the local one, corrected by the dates in the store's replies. All expirations and deadlines follow it, so
 * gateways with wrong clocks agree. The correction is the smallest that the last reply allows, so it is off by at most a
 * second and the time of that reply. Any thread.
 */
public final class StoreTime implements InstantSource {

    private final InstantSource wall;
    private final InstantSource local;
    private volatile long offsetMillis;
    private volatile long offsetLeastMillis;
    private volatile boolean known;

    /** Nothing is known yet: the local clock as it is. */
    public StoreTime(InstantSource local) {
        this(local, local);
    }

    /**
     * The same, corrected by a clock that is not set while it runs: a reply that was under way when somebody set the wall clock would else
     * make the store's time wrong by as much.
     *
     * @param wall the machine's clock, only to say how far it is off
     * @param local counts the time that passes
     */
    public StoreTime(InstantSource wall, InstantSource local) {
        this.wall = wall;
        this.local = local;
    }

    @Override
    public Instant instant() {
        return local.instant().plusMillis(offsetMillis);
    }

    /**
     * What the store's clock shows at least. It lies behind {@link #instant} by at most a second and the time of the quickest reply since
     * a clock was set: what has to be over for the store is over only when it is by this one.
     */
    public InstantSource earliest() {
        return () -> local.instant().plusMillis(offsetLeastMillis);
    }

    /** The local clock, for the moments between which a reply was made. */
    public Instant localNow() {
        return local.instant();
    }

    /**
     * Learns from a reply.
     *
     * @param date its date, rounded down to the second
     * @param sent when its request was sent, by the local clock
     */
    public void learn(Instant date, Instant sent) {
        long least = Duration.between(local.instant(), date).toMillis();
        long most = Duration.between(sent, date).toMillis() + 1000;
        if (least <= most) { // else the local clock was set meanwhile
            boolean stillHolds = known && offsetLeastMillis >= least && offsetLeastMillis <= most;
            offsetLeastMillis = stillHolds ? offsetLeastMillis : least;
            offsetMillis = Math.clamp(offsetMillis, least, most);
            known = true;
        }
    }

    /** How far the local clock is off; nothing was learnt yet when {@link #isKnown} is false. */
    public Duration error() {
        return Duration.between(instant(), wall.instant());
    }

    /** Whether the store has said its time. */
    public boolean isKnown() {
        return known;
    }
}
