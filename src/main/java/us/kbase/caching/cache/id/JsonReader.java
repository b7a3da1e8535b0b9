package us.kbase.caching.cache.id;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON as Python's {@code json.loads} does, with its extensions (NaN, Infinity, lone surrogates, the last of equal
 * keys) and its messages. Values are {@link Map}, {@link List}, {@link String}, {@link Double} and {@link Literal}.
 */
final class JsonReader {

    /** The nesting that the original took; deeper bodies overran Python's stack. */
    static final int DEPTH_MAX = 980;

    /** A value whose canonical text is its source text: {@code true}, {@code false}, {@code null} and integers. */
    record Literal(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static final List<String> WORDS = List.of("null", "true", "false");

    private final String text;
    private int at;
    private int depth;

    JsonReader(String text) {
        this.text = text;
    }

    Object read() throws JsonParseException {
        skipSpace();
        Object value = value();
        skipSpace();
        if (at != text.length()) {
            throw fail("Extra data", at);
        }
        return value;
    }

    private Object value() throws JsonParseException {
        int start = at;
        char c = peek();
        switch (c) {
            case '"' -> {
                return string();
            }
            case '{' -> {
                return nested(this::object);
            }
            case '[' -> {
                return nested(this::array);
            }
            default -> {
                for (String word : WORDS) {
                    if (take(word)) {
                        return new Literal(word);
                    }
                }
                if (take("NaN")) {
                    return Double.NaN;
                }
                if (take("Infinity")) {
                    return Double.POSITIVE_INFINITY;
                }
                if (take("-Infinity")) {
                    return Double.NEGATIVE_INFINITY;
                }
                return number(start);
            }
        }
    }

    private interface Rule {
        Object read() throws JsonParseException;
    }

    private Object nested(Rule rule) throws JsonParseException {
        if (++depth > DEPTH_MAX) {
            throw JsonParseException.of("nested deeper than " + DEPTH_MAX + " levels");
        }
        at++;
        skipSpace();
        Object value = rule.read();
        depth--;
        return value;
    }

    private Object object() throws JsonParseException {
        Map<String, Object> members = new HashMap<>();
        if (takeChar('}')) {
            return members;
        }
        while (true) {
            if (peek() != '"') {
                throw fail("Expecting property name enclosed in double quotes", at);
            }
            String key = string();
            skipSpace();
            if (!takeChar(':')) {
                throw fail("Expecting ':' delimiter", at);
            }
            skipSpace();
            members.put(key, value());
            skipSpace();
            if (takeChar('}')) {
                return members;
            }
            if (!takeChar(',')) {
                throw fail("Expecting ',' delimiter", at);
            }
            skipSpace();
        }
    }

    private Object array() throws JsonParseException {
        List<Object> items = new ArrayList<>();
        if (takeChar(']')) {
            return items;
        }
        while (true) {
            items.add(value());
            skipSpace();
            if (takeChar(']')) {
                return items;
            }
            if (!takeChar(',')) {
                throw fail("Expecting ',' delimiter", at);
            }
            skipSpace();
        }
    }

    private String string() throws JsonParseException {
        int start = at++;
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c < ' ') {
                throw fail("Invalid control character at", at);
            }
            at++;
            if (c == '\\') {
                escape(out, start);
            } else {
                out.append(c);
            }
        }
        throw fail("Unterminated string starting at", start);
    }

    private void escape(StringBuilder out, int stringStart) throws JsonParseException {
        if (at >= text.length()) {
            throw fail("Unterminated string starting at", stringStart);
        }
        char c = text.charAt(at);
        if (c == 'u') {
            out.append(hexEscape());
            return;
        }
        int which = "\"\\/bfnrt".indexOf(c);
        if (which < 0) {
            throw fail("Invalid \\escape", at - 1);
        }
        out.append("\"\\/\b\f\n\r\t".charAt(which));
        at++;
    }

    /** Python's scanner refuses an escape that ends with the text before it looks at the digits. */
    private char hexEscape() throws JsonParseException {
        int end = at + 5;
        int value = 0;
        for (int i = at + 1; i < end; i++) {
            int digit = end < text.length() && text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw fail("Invalid \\uXXXX escape", at);
            }
            value = value << 4 | digit;
        }
        at = end;
        return (char) value;
    }

    private Object number(int start) throws JsonParseException {
        int i = start;
        if (i < text.length() && text.charAt(i) == '-') {
            i++;
        }
        int firstDigit = i;
        i = digits(i);
        if (i == firstDigit) {
            throw fail("Expecting value", start);
        }
        if (text.charAt(firstDigit) == '0') {
            i = firstDigit + 1;
        }
        int integerEnd = i;
        if (i < text.length() && text.charAt(i) == '.' && digits(i + 1) > i + 1) {
            i = digits(i + 1);
        }
        i = exponent(i);
        at = i;
        String source = text.substring(start, i);
        if (i > integerEnd) {
            return Double.valueOf(source);
        }
        return new Literal(source.equals("-0") ? "0" : source);
    }

    private int exponent(int from) {
        if (from >= text.length() || Character.toLowerCase(text.charAt(from)) != 'e') {
            return from;
        }
        int i = from + 1;
        if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
            i++;
        }
        int end = digits(i);
        return end > i ? end : from;
    }

    private int digits(int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean takeChar(char c) {
        if (peek() != c || at >= text.length()) {
            return false;
        }
        at++;
        return true;
    }

    private boolean take(String word) {
        if (!text.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    private JsonParseException fail(String problem, int index) {
        return JsonParseException.at(problem, text, index);
    }
}
