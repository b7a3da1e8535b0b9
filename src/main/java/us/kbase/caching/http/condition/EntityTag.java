package us.kbase.caching.http.condition;

/**
 * An entity tag (RFC 9110 section 8.8.3).
 *
 * @param opaque the tag with its quotes
 */
record EntityTag(boolean weak, String opaque) {

    /** Whether both name the same bytes (section 8.8.3.2). */
    boolean matchesStrongly(EntityTag other) {
        return !weak && !other.weak && opaque.equals(other.opaque);
    }

    /** Whether both name equivalent content. */
    boolean matchesWeakly(EntityTag other) {
        return opaque.equals(other.opaque);
    }
}
