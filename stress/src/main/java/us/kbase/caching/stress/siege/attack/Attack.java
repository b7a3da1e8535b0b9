package us.kbase.caching.stress.siege.attack;

/** One way to do harm, bounded in connections and rate. Any thread. */
public interface Attack {

    /** Its name on the command line and in the table. */
    String name();

    /** Begins; without effect on one that has begun. */
    void start();

    /** Ends, and leaves nothing open. */
    void stop();

    /** What happened so far. */
    Counts counts();
}
