package us.kbase.caching.store;

/** What must hold in the store at the instant of a put. There is no "always": an unconditional put cannot be written down. */
public sealed interface Precondition {

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
