package us.kbase.caching.auth;

/** A deliberate bug, to show that the simulation of tokens would find it. */
enum TokenFlaw {
    /** None. */
    NONE,
    /** What is remembered never grows old. */
    KEPT_FOR_EVER,
    /** What is remembered grows old at a third of the time's pace. */
    KEPT_TOO_LONG,
    /** Everybody who comes asks the server. */
    EACH_ASKS,
    /** That the server did not answer is told as its refusal. */
    OUTAGE_AS_REFUSAL,
    /** A good token is asked for each time, so that an outage shuts out those who are known. */
    NOTHING_REMEMBERED,
    /** A question whose answer was lost is never given up, and keeps its place. */
    PERMIT_NOT_GIVEN_BACK
}
