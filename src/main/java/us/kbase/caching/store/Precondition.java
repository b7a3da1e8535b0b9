package us.kbase.caching.store;

/** What must hold in the store at the instant of a put. There is no "always": an unconditional put cannot be written down. */
public sealed interface Precondition {

    /**
     * Whether it may hold once more after something was published under it, so that a late try replaces what was uploaded meanwhile.
     * {@link Absent} does not count: nothing of a result's is published where nothing is, and what would come late is a placeholder.
     */
    default boolean mayHoldAgain() {
        return this instanceof Matches matches && matches.recurs() == Recurrence.POSSIBLE;
    }

    /** No object has this key ({@code If-None-Match: *}). */
    record Absent() implements Precondition {}

    /**
     * The object has this ETag ({@code If-Match}).
     *
     * @param recurs whether another object may ever have it
     */
    record Matches(String etag, Recurrence recurs) implements Precondition {

        /** An ETag that another object may have, too. */
        public Matches(String etag) {
            this(etag, Recurrence.POSSIBLE);
        }
    }

    /** Whether an ETag can come back once its object is gone. */
    enum Recurrence {
        /** S3's ETag names bytes, and the same bytes may be uploaded again. */
        POSSIBLE,

        /** The bytes are random. */
        IMPOSSIBLE
    }
}
