package us.kbase.caching.cache.id;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text that is hashed into a cache id: what Python's {@code json.dumps(json.loads(body), sort_keys=True)} gives, for
 * every body, since an id that differs by one character is a result that is never found again.
 *
 * <p>Object keys are sorted by code point, which is not the UTF-16 order of {@link String#compareTo}.
 */
public final class CanonicalJson {

    private final StringBuilder text = new StringBuilder();

    private CanonicalJson() {}

    /**
     * The canonical text of a JSON object.
     *
     * @param body the request's bytes: UTF-8 (with or without byte order mark), UTF-16 or UTF-32
     * @return the text, or an empty one for anything but an object with at least one member
     * @throws JsonParseException when the bytes are no JSON, with Python's message
     */
    public static String ofObject(byte[] body) throws JsonParseException {
        Object value = new JsonReader(JsonEncoding.decode(body)).read();
        return value instanceof Map<?, ?> map && !map.isEmpty() ? write(value) : "";
    }

    /** The canonical text of any value that {@link JsonReader} read. */
    public static String write(Object value) {
        CanonicalJson writer = new CanonicalJson();
        writer.append(value);
        return writer.text.toString();
    }

    static int compareByCodePoint(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean astralX = partOfPair(a, i);
                boolean astralY = partOfPair(b, i);
                return astralX == astralY ? Character.compare(x, y) : astralX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static boolean partOfPair(String s, int i) {
        char c = s.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
    }

    private void append(Object value) {
        switch (value) {
            case Map<?, ?> map -> appendObject(map);
            case Collection<?> items -> appendArray(items);
            case String string -> appendString(string);
            case Double number -> text.append(PythonFloat.repr(number));
            default -> text.append(value); // JsonReader.Literal: true, false, null, integers
        }
    }

    private void appendObject(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>(CanonicalJson::compareByCodePoint);
        map.forEach((key, value) -> sorted.put((String) key, value));
        text.append('{');
        String separator = "";
        for (Map.Entry<String, Object> member : sorted.entrySet()) {
            text.append(separator);
            appendString(member.getKey());
            text.append(": ");
            append(member.getValue());
            separator = ", ";
        }
        text.append('}');
    }

    private void appendArray(Collection<?> items) {
        text.append('[');
        String separator = "";
        for (Object item : items) {
            text.append(separator);
            append(item);
            separator = ", ";
        }
        text.append(']');
    }

    private void appendString(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            appendChar(string.charAt(i));
        }
        text.append('"');
    }

    private void appendChar(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '\f' -> text.append("\\f");
            case '\b' -> text.append("\\b");
            default -> {
                if (c >= ' ' && c < 0x7f) {
                    text.append(c);
                } else {
                    appendEscaped(c);
                }
            }
        }
    }

    private void appendEscaped(char c) {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            text.append(Character.forDigit((c >> shift) & 0xf, 16));
        }
    }
}
