package us.kbase.caching.tally;

import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/** What jobs have had of a node since its start. One for all event loops. Any thread. */
public final class ResultTally {

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final LongAdder savedSeconds = new LongAdder();

    /**
     * A download has found a result.
     *
     * @param computeSeconds how long its job took, if its uploader said so
     */
    public void hit(OptionalLong computeSeconds) {
        hits.increment();
        savedSeconds.add(computeSeconds.orElse(0));
    }

    /** A download has found none. */
    public void miss() {
        misses.increment();
    }

    /** A result was uploaded. */
    public void published() {
        published.increment();
    }

    /** How many downloads found a result, from its first byte: one that is read in several ranges counts once. */
    public long hits() {
        return hits.sum();
    }

    /** How many downloads found none. */
    public long misses() {
        return misses.sum();
    }

    /** How many results were uploaded. */
    public long uploads() {
        return published.sum();
    }

    /** How long the jobs of the results that were found had taken, as far as their uploaders said. */
    public long savedSeconds() {
        return savedSeconds.sum();
    }
}
