package us.kbase.caching.tally;

/** Takes how long each call of another server took. Any thread. */
@FunctionalInterface
public interface CallTimes {

    /** Tells nobody. */
    CallTimes UNTOLD = (operation, outcome, nanos) -> {};

    /**
     * A call has its answer's head, or ended without one.
     *
     * @param operation of a closed set: what Amazon calls it, of a bucket as of an object, behind {@code S3}; or {@code auth} and what
     *     was asked
     * @param outcome {@code 2xx} to {@code 5xx}; {@code cut} where it has no answer, {@code left} where a client did not send on what it
     *     carries
     * @param nanos from when it was ready to be sent; one that carries a client's bytes takes as long as they do
     */
    void ended(String operation, String outcome, long nanos);
}
