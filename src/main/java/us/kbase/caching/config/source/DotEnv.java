package us.kbase.caching.config.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Reads a file {@code .env} as docker compose does: {@code NAME=value} or {@code NAME: value}, an optional {@code export}, quotes,
 * comments behind a blank, and variables in values that are not in single quotes. A name alone takes its value from the environment.
 */
public final class DotEnv {

    /** A value and the line on which its name stands. */
    public record Entry(String value, int line) {}

    /**
     * What a file says.
     *
     * @param entries by name; the last of a name counts
     * @param notes what was read but was hardly meant so, one sentence each without values
     */
    public record Content(Map<String, Entry> entries, List<String> notes) {}

    /** A line that cannot be read; its message is a clause that shows no value. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;

        Malformed(int line, String why) {
            super(why, null, false, false);
            this.line = line;
        }

        public int line() {
            return line;
        }
    }

    private final String text;
    private final Map<String, String> environment;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private int at;

    private DotEnv(String text, Map<String, String> environment) {
        this.text = text;
        this.environment = environment;
    }

    /**
     * Reads a text.
     *
     * @param environment wins over the file where a value names a variable
     */
    public static Content parse(String text, Map<String, String> environment) throws Malformed {
        DotEnv reader = new DotEnv(text, environment);
        while (reader.toStatement()) {
            reader.statement();
        }
        return new Content(reader.entries, reader.notes);
    }

    private boolean toStatement() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                at = lineEnd();
            } else if (isSpace(c)) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private void statement() throws Malformed {
        int line = line();
        skipExport();
        if (at == text.length()) {
            throw new Malformed(line, "exports nothing; write export NAME=value");
        }
        int begin = at;
        while (at < text.length() && "=:\n".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            if (!isSpace(c) && !Character.isLetterOrDigit(c) && "_.-[]".indexOf(c) < 0) {
                throw new Malformed(line, "begins with what is no variable's name; write NAME=value");
            }
            at++;
        }
        String name = stripEnd(text.substring(begin, at));
        if (name.indexOf(' ') >= 0) {
            throw new Malformed(line, "has a blank in its variable's name; write NAME=value");
        }
        boolean alone = at >= text.length() || text.charAt(at) == '\n';
        at = Math.min(at + 1, text.length());
        if (alone) {
            Optional.ofNullable(environment.get(name)).ifPresent(value -> entries.put(name, new Entry(value, line)));
        } else {
            skip(c -> c != '\n' && isSpace(c));
            String value = value(name, line);
            entries.put(name, new Entry(value, line));
        }
    }

    private void skipExport() {
        String word = "export";
        int behind = at + word.length();
        if (text.startsWith(word, at) && behind < text.length() && isSpace(text.charAt(behind))) {
            at = behind;
            skip(c -> c != '\n' && isSpace(c));
        }
    }

    private String value(String name, int line) throws Malformed {
        char quote = at < text.length() ? text.charAt(at) : '\n';
        if (quote == '\'' || quote == '"') {
            String quoted = quoted(quote, line);
            return quote == '"' ? expanded(name, Escapes.resolved(quoted), line) : quoted;
        }
        int end = lineEnd();
        String value = text.substring(at, end);
        at = end;
        int comment = value.indexOf(" #");
        return expanded(name, stripEnd(comment < 0 ? value : value.substring(0, comment)), line);
    }

    /** A backslash hides the quote that began the value; every other one stays. */
    private String quoted(char quote, int line) throws Malformed {
        StringBuilder value = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                at = i + 1;
                return value.toString();
            }
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                char hidden = text.charAt(i);
                if (hidden != quote) {
                    value.append(c);
                }
                value.append(hidden);
            } else {
                value.append(c);
            }
        }
        throw new Malformed(
                line, "opens a quote that nothing closes; close it, or put the value in quotes of the other kind");
    }

    private String expanded(String name, String value, int line) throws Malformed {
        Interpolation variables = new Interpolation(this::known);
        try {
            String expanded = variables.in(value);
            if (variables.missed()) {
                notes.add("line " + line + ": the value of " + name
                        + " names a variable that is not set, which reads as nothing; a dollar sign is written $$.");
            }
            return expanded;
        } catch (IllegalArgumentException e) {
            throw new Malformed(line, "has a value in which " + e.getMessage());
        }
    }

    private Optional<String> known(String variable) {
        return Optional.ofNullable(environment.get(variable))
                .or(() -> Optional.ofNullable(entries.get(variable)).map(Entry::value));
    }

    private int line() {
        return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    private int lineEnd() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private void skip(IntPredicate which) {
        while (at < text.length() && which.test(text.charAt(at))) {
            at++;
        }
    }

    private static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
