package us.kbase.caching.http.json;

/**
 * What a JSON text is on the heap while it is parsed and written in its canonical form, from its bytes alone. Measured: up to 38
 * bytes for each that came ({@code [0],[0],…}), and 9 for the text. Never less than what is kept, whatever the encoding; for usual
 * parameters 24 bytes for each, for long strings 9. Any thread.
 */
final class JsonCost {

    /** Of the shortest text. */
    static final long LEAST_BYTES = 1024;

    /** Bytes as they came, as text, and its canonical form while it grows, is copied and hashed. */
    private static final int TEXT_BYTES = 9;

    /** More, for a part of a character that is escaped. */
    private static final int ESCAPED_BYTES = 7;

    /** More, for the one ASCII character of six in the canonical form. */
    private static final int DELETE_BYTES = 21;

    private static final int MAP_BYTES = 128;
    private static final int LIST_BYTES = 80;
    private static final int PLACE_BYTES = 8;
    private static final int MEMBER_BYTES = 44;
    private static final int HALF_A_STRING_BYTES = 24;
    private static final int LITERAL_BYTES = 64;

    private JsonCost() {}

    /** In bytes. One pass; what stands within strings counts as if it were structure. */
    static long of(byte[] json) {
        long bytes = LEAST_BYTES;
        byte before = ' ';
        for (byte b : json) {
            bytes += TEXT_BYTES + structure(b) + (isBetween(before) && beginsLiteral(b) ? LITERAL_BYTES : 0);
            before = b == 0 ? before : b; // UTF-16 and UTF-32
        }
        return bytes;
    }

    private static int structure(byte b) {
        return switch (b) {
            case '{' -> MAP_BYTES;
            case '[' -> LIST_BYTES;
            case ',' -> PLACE_BYTES;
            case ':' -> MEMBER_BYTES;
            case '"' -> HALF_A_STRING_BYTES;
            case 0x7f -> DELETE_BYTES;
            default -> b < 0 ? ESCAPED_BYTES : 0;
        };
    }

    private static boolean isBetween(byte b) {
        return b == ',' || b == '[' || b == ':' || b <= ' ' && b > 0;
    }

    private static boolean beginsLiteral(byte b) {
        return b >= '0' && b <= '9' || b == '-' || b == 't' || b == 'f' || b == 'n' || b == 'N' || b == 'I';
    }
}
