package us.kbase.caching.tally;

import java.util.concurrent.atomic.LongAdder;

/** What came of leases at a node since its start. One for all event loops. Any thread. */
public final class LeaseTally {

    private final LongAdder given = new LongAdder();
    private final LongAdder ready = new LongAdder();
    private final LongAdder pending = new LongAdder();
    private final LongAdder lost = new LongAdder();

    /** Somebody got a lease. */
    public void give() {
        given.increment();
    }

    /** Somebody heard that the result is there. */
    public void tellReady() {
        ready.increment();
    }

    /** Somebody heard, at the end of the wait that was asked for, that another computes. */
    public void tellPending() {
        pending.increment();
    }

    /** Somebody came with a lease that did not hold any more. */
    public void lose() {
        lost.increment();
    }

    /** How many leases were given. */
    public long given() {
        return given.sum();
    }

    /** How often somebody who asked for a lease heard that the result is there. */
    public long ready() {
        return ready.sum();
    }

    /** How often somebody who asked for a lease heard, at the end of the wait, that another computes. */
    public long pending() {
        return pending.sum();
    }

    /** How often somebody came with a lease that did not hold any more: to renew it, to give it back or to publish. */
    public long lost() {
        return lost.sum();
    }
}
