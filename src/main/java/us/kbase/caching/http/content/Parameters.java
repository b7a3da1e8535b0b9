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

    /** By name in lower case; the first of equal names counts. What cannot be read ends the list. */
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
            boolean quoted = at < header.length() && header.charAt(at) == '"';
            String value = quoted ? quoted() : token();
            if (at >= 0) {
                found.putIfAbsent(name, value);
            }
        }
    }

    private String token() {
        int start = at;
        int end = header.indexOf(';', at);
        at = end < 0 ? header.length() : end;
        return header.substring(start, at).strip();
    }

    /** A backslash escapes a quote and a backslash only: browsers send Windows paths with bare ones. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (int i = at + 1; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"') {
                at = header.indexOf(';', i);
                at = at < 0 ? header.length() : at;
                return value.toString();
            }
            boolean escapes = c == '\\' && i + 1 < header.length() && "\\\"".indexOf(header.charAt(i + 1)) >= 0;
            value.append(escapes ? header.charAt(++i) : c);
        }
        at = -1;
        return "";
    }
}
