package us.kbase.caching.http;

/**
 * What a JSON text is on the heap while it is parsed and written in its canonical form, from its bytes alone: an object, an array
 * or a number of two characters becomes some hundred bytes. Never less than what is really taken, for any text; up to twice as
 * much for usual ones. Any thread.
 */
final class JsonCost {

    /** Of the shortest text. */
    static final long LEAST_BYTES = 1024;

    /** Bytes as they came, as text, and its canonical form while it grows, is copied and hashed. */
    private static final int TEXT_BYTES = 12;

    /** A character that is escaped by six. */
    private static final int ESCAPED_BYTES = 24;

    /** A map with its table, or a list with its first ten places; and the first value in it. */
    private static final int NESTED_BYTES = 216;

    /** A value and its place in a list. */
    private static final int VALUE_BYTES = 104;

    /** A member's node, key and place in a table, and in the sorted map that is written from it. */
    private static final int MEMBER_BYTES = 176;

    private JsonCost() {}

    /** In bytes. One pass; what stands within strings counts as if it were structure. */
    static long of(byte[] json) {
        long bytes = LEAST_BYTES;
        for (byte b : json) {
            bytes += switch (b) {
                case '{', '[' -> NESTED_BYTES + TEXT_BYTES;
                case ',' -> VALUE_BYTES + TEXT_BYTES;
                case ':' -> MEMBER_BYTES + TEXT_BYTES;
                default -> b < 0 || b == 0x7f ? TEXT_BYTES + ESCAPED_BYTES : TEXT_BYTES;
            };
        }
        return bytes;
    }
}
