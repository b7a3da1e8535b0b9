package us.kbase.caching.http.content;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The parameters of a header value, {@code ; name=token} or {@code ; name="quoted"}. Read by hand, in one pass: a regular
 * expression for quoted texts overruns the stack on a long one.
 */
public final class Parameters {

    private final String header;
    private final Map<String, String> found = new HashMap<>();
    private int at;

    private Parameters(String header) {
        this.header = header;
    }

    /** By name in lower case; the last of equal names counts, as it did for the original service. */
    public static Map<String, String> of(String header) {
        Parameters reader = new Parameters(header);
        reader.at = header.indexOf(';');
        while (reader.at >= 0 && reader.at < header.length()) {
            reader.parameter();
        }
        return reader.found;
    }

    private void parameter() {
        int nameStart = at + 1;
        int nameEnd = nameStart;
        while (nameEnd < header.length() && header.charAt(nameEnd) != '=' && header.charAt(nameEnd) != ';') {
            nameEnd++;
        }
        String name = header.substring(nameStart, nameEnd).strip().toLowerCase(Locale.ROOT);
        at = nameEnd;
        if (at < header.length() && header.charAt(at) == '=') {
            at++;
            while (at < header.length() && header.charAt(at) == ' ') {
                at++;
            }
            int quoteEnd = header.startsWith("\"", at) ? quoteEnd() : -1;
            found.put(name, quoteEnd < 0 ? token() : quoted(quoteEnd));
        }
    }

    /** Up to the next semicolon. A quote that does not end in time is one of its characters, unless its last one is another. */
    private String token() {
        int start = at;
        at = next(';', at);
        String token = header.substring(start, at).strip();
        boolean enclosed = token.length() > 1 && token.startsWith("\"") && token.endsWith("\"");
        return enclosed ? unescaped(token.substring(1, token.length() - 1)) : token;
    }

    private String quoted(int quoteEnd) {
        String value = unescaped(header.substring(at + 1, quoteEnd));
        at = next(';', quoteEnd);
        return value;
    }

    /** Where the quotes that begin here end, or -1. */
    private int quoteEnd() {
        int end = at + 1;
        while (end < header.length() && header.charAt(end) != '"') {
            end += isEscape(header, end) ? 2 : 1;
        }
        return end < header.length() ? end : -1;
    }

    private int next(char wanted, int from) {
        int found = header.indexOf(wanted, from);
        return found < 0 ? header.length() : found;
    }

    /**
     * Without the backslashes that escape. Browsers send Windows paths with bare ones: they escape a quote and a backslash only,
     * and nothing in the name of a share, which begins with two.
     */
    private static String unescaped(String text) {
        if (text.startsWith("\\\\")) {
            return text;
        }
        StringBuilder value = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            i += isEscape(text, i) ? 1 : 0;
            value.append(text.charAt(i));
        }
        return value.toString();
    }

    private static boolean isEscape(String text, int at) {
        return text.charAt(at) == '\\' && at + 1 < text.length() && "\\\"".indexOf(text.charAt(at + 1)) >= 0;
    }
}
