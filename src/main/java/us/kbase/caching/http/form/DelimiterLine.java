package us.kbase.caching.http.form;

import io.vertx.core.buffer.Buffer;

/**
 * What a line that begins as a delimiter is (RFC 2046 section 5.1.1), which the bytes behind it decide: only blanks may follow.
 *
 * @param kind what it is
 * @param lineEnd how it ends: CRLF, LF, or empty with the request
 * @param length of all that stands behind the delimiter on this line, its end not among it
 */
record DelimiterLine(Kind kind, String lineEnd, int length) {

    enum Kind {
        /** Between parts, or before the first. */
        OPENS,
        /** Behind the last part. */
        CLOSES,
        /** A line of the part's own. */
        CONTENT,
        /** Not known before more bytes have come. */
        CUT
    }

    /** A writer pads with a blank or two, if at all; more would be held for nothing. */
    private static final int BLANKS_MAX = 256;

    /** Reads the bytes that follow a delimiter; when the request has ended, no more can come. */
    static DelimiterLine of(Buffer bytes, boolean ended) {
        int from = startsWith(bytes, 0, "--") ? 2 : 0;
        int at = from;
        while (at < bytes.length() && at < BLANKS_MAX && isBlank(bytes.getByte(at))) {
            at++;
        }
        String lineEnd = startsWith(bytes, at, "\r\n") ? "\r\n" : startsWith(bytes, at, "\n") ? "\n" : "";
        boolean whole = !lineEnd.isEmpty() || ended && at == bytes.length() && from > 0;
        if (whole) {
            return new DelimiterLine(from > 0 ? Kind.CLOSES : Kind.OPENS, lineEnd, at);
        }
        return new DelimiterLine(!ended && mayGoOn(bytes, from, at) ? Kind.CUT : Kind.CONTENT, "", at);
    }

    /** Whether the bytes from an index on, which follow a delimiter, show that it was none. */
    static boolean isContent(Buffer bytes, int from) {
        return of(bytes.slice(from, bytes.length()), false).kind() == Kind.CONTENT;
    }

    /** Whether all that is there could be the beginning of such a line. */
    private static boolean mayGoOn(Buffer bytes, int from, int at) {
        boolean lastByte = at == bytes.length() - 1;
        return at == bytes.length()
                || lastByte && bytes.getByte(at) == '\r'
                || lastByte && at == 0 && from == 0 && bytes.getByte(at) == '-';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean startsWith(Buffer bytes, int at, String text) {
        boolean starts = at + text.length() <= bytes.length();
        for (int i = 0; starts && i < text.length(); i++) {
            starts = bytes.getByte(at + i) == text.charAt(i);
        }
        return starts;
    }
}
