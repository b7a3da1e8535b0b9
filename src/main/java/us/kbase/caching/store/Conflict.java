package us.kbase.caching.store;

/** A put's condition did not hold; nothing was written. */
public final class Conflict extends RuntimeException {
    /** A conflict; it carries no stack trace, since it is an answer. */
    public Conflict() {
        super("The object changed meanwhile", null, false, false);
    }
}
