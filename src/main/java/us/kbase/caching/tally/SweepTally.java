package us.kbase.caching.tally;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What came of a node's sweeps since its start. Any thread. */
public final class SweepTally {

    private final LongAdder removed = new LongAdder();
    private final LongAdder spared = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private final AtomicLong endedEpochSeconds = new AtomicLong();

    /**
     * A sweep has ended, whole or early.
     *
     * @param entriesRemoved entries that are gone
     * @param entriesSpared expired ones that are left for now
     * @param failures objects and open uploads at which the store did not answer as expected
     * @param uploadsAborted abandoned multipart uploads that are gone
     */
    public void ended(long entriesRemoved, long entriesSpared, long failures, long uploadsAborted) {
        removed.add(entriesRemoved);
        spared.add(entriesSpared);
        failed.add(failures);
        aborted.add(uploadsAborted);
    }

    /** A sweep has seen everything. */
    public void whole() {
        endedEpochSeconds.set(System.currentTimeMillis() / 1000);
    }

    /** How many entries were removed. */
    public long removed() {
        return removed.sum();
    }

    /** How often an expired entry was left: it changed or was used meanwhile, or the next sweep removes it. */
    public long spared() {
        return spared.sum();
    }

    /** How often the store did not answer as expected. */
    public long failed() {
        return failed.sum();
    }

    /** How many abandoned multipart uploads were aborted. */
    public long aborted() {
        return aborted.sum();
    }

    /** When the last whole sweep ended, in seconds since 1970; 0 before the first. */
    public long endedEpochSeconds() {
        return endedEpochSeconds.get();
    }
}
