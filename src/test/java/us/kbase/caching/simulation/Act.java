package us.kbase.caching.simulation;

/**
 * What a client did and was told.
 *
 * @param kind what it asked for
 * @param content what it uploaded
 * @param lease the lease that it showed, or got
 * @param reply what it was told; {@link #UNKNOWN} for a fault, a dead gateway or a client that left
 * @param fencing the number of a lease that it got, else 0
 * @param beganMicros when it asked
 * @param endedMicros when it was told, or when at the latest whatever it asked for can have happened
 */
record Act(Kind kind, String content, String lease, String reply, long fencing, long beganMicros, long endedMicros) {

    static final String UNKNOWN = "unknown";
    static final String OK = "ok";
    static final String NOT_FOUND = "NotFound";
    static final String LEASE_LOST = "LeaseLost";

    enum Kind {
        RESERVE,
        PUBLISH,
        PUBLISH_LEASED,
        OPEN,
        REMOVE,
        TAKE,
        RENEW,
        RELEASE,
        SWEEP
    }

    /** The placeholder that it asked for may come once more, from a try that was late: nothing of anybody's is there to be replaced. */
    Act comingLate() {
        return new Act(kind, content, lease, UNKNOWN, 0, beganMicros, endedMicros + Network.LANDS_WITHIN);
    }

    Act withLease(String name) {
        return new Act(kind, content, name, reply, fencing, beganMicros, endedMicros);
    }

    boolean isUnknown() {
        return reply.equals(UNKNOWN);
    }

    boolean isBefore(Act other) {
        return endedMicros < other.beganMicros;
    }
}
