package us.kbase.caching.simulation;

/** A deliberate bug, to show that the simulation would find it. */
enum Flaw {
    /** None: everything is as the port of stores promises. */
    NONE,
    /** A DELETE whose reply was lost is sent once more, and none has an end of its life. */
    REPEATED_DELETE,
    /** A write that was told to have failed is done later: the store takes it however late it comes. */
    LATE_WRITE,
    /** Success is told while an earlier try of the same write may still land. */
    TOLD_TOO_EARLY,
    /** A sweep's strike is a plain DELETE, with no window and no condition. */
    HEAD_THEN_DELETE,
    /** A write of our own whose reply was lost is told to be somebody else's, and results forget which lease published them. */
    OWN_SUCCESS_AS_CONFLICT,
    /** What came of a body that broke is published: the sink's {@code end()} is taken for its content's. */
    HALF_FILE,
    /** That the day of last use could not be read is told as "never used". */
    UNKNOWN_AS_UNUSED,
    /** A call whose reply was lost keeps its place among the connections. */
    PERMIT_NOT_GIVEN_BACK,
    /** The parts of an upload that failed stay in the store. */
    NO_ABORT,
    /** An upload that failed keeps the memory that it was paid. */
    LEAKED_PAYMENT,
    /** A timer never fires, so that who waits for it keeps its place for ever. */
    FORGOTTEN_TIMER
}
