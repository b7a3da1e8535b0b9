package us.kbase.caching.store;

/** What must hold in the store at the instant of a put. There is no "always": an unconditional put cannot be written down. */
public sealed interface Precondition {

    /** No object has this key ({@code If-None-Match: *}). */
    record Absent() implements Precondition {}

    /** The object has this ETag ({@code If-Match}). */
    record Matches(String etag) implements Precondition {}
}
