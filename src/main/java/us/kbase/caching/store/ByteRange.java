package us.kbase.caching.store;

/**
 * A part of an object, as in RFC 9110 section 14.1.2.
 *
 * @param first the offset of the first byte, or the negative number of bytes from the end
 * @param last the offset of the last byte, {@link Long#MAX_VALUE} for the object's end
 */
public record ByteRange(long first, long last) {

    /** The whole object. */
    public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

    /** Where the range begins in an object of that length. */
    public long start(long lengthBytes) {
        return first < 0 ? Math.max(0, lengthBytes + first) : first;
    }

    /** Where the range ends (exclusive) in an object of that length. */
    public long end(long lengthBytes) {
        return last >= lengthBytes ? lengthBytes : last + 1;
    }

    /** Whether an object of that length has a byte in the range. */
    public boolean satisfiable(long lengthBytes) {
        return start(lengthBytes) < end(lengthBytes);
    }
}
