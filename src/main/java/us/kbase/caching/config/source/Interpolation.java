package us.kbase.caching.config.source;

import java.util.Optional;
import java.util.function.Function;

/**
 * Puts variables into a value as docker compose does: {@code $NAME}, {@code ${NAME}}, {@code ${NAME:-default}}, {@code ${NAME:+other}},
 * {@code ${NAME:?message}}, each also without the colon, and {@code $$} for a dollar sign.
 */
final class Interpolation {

    private static final int DEPTH_MAX = 50;

    private final Function<String, Optional<String>> variables;
    private boolean missed;

    Interpolation(Function<String, Optional<String>> variables) {
        this.variables = variables;
    }

    /** Whether a variable without a value and without a default was named. */
    boolean missed() {
        return missed;
    }

    /** Gives the value; throws {@link IllegalArgumentException} with a clause that shows none of it. */
    String in(String text) {
        return in(text, 0);
    }

    private String in(String text, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("defaults are nested too deeply");
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0 || dollar + 1 == text.length()) {
                return out.append(text, at, text.length()).toString();
            }
            out.append(text, at, dollar);
            char next = text.charAt(dollar + 1);
            if (next == '$') {
                out.append('$');
                at = dollar + 2;
            } else if (next == '{') {
                int end = closing(text, dollar + 1);
                out.append(braced(text.substring(dollar + 2, end), depth));
                at = end + 1;
            } else {
                int end = nameEnd(text, dollar + 1);
                out.append(end == dollar + 1 ? "$" : plain(text.substring(dollar + 1, end)));
                at = end;
            }
        }
        return out.toString();
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("'${' has no '}'; a dollar sign is written $$");
    }

    private static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length() && isNameCharacter(text.charAt(end), end > from)) {
            end++;
        }
        return end;
    }

    private static boolean isNameCharacter(char c, boolean inside) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || inside && c >= '0' && c <= '9';
    }

    private String plain(String name) {
        Optional<String> value = variables.apply(name);
        missed |= value.isEmpty();
        return value.orElse("");
    }

    private String braced(String inside, int depth) {
        int end = nameEnd(inside, 0);
        String name = inside.substring(0, end);
        String rest = inside.substring(end);
        boolean orEmpty = rest.startsWith(":");
        String operation = orEmpty ? rest.substring(1) : rest;
        if (name.isEmpty() || !rest.isEmpty() && (operation.isEmpty() || "-+?".indexOf(operation.charAt(0)) < 0)) {
            throw new IllegalArgumentException("'${…}' holds no variable's name; a dollar sign is written $$");
        }
        if (rest.isEmpty()) {
            return plain(name);
        }
        Optional<String> value = variables.apply(name).filter(found -> !orEmpty || !found.isEmpty());
        String word = operation.substring(1);
        return switch (operation.charAt(0)) {
            case '-' -> value.isPresent() ? value.get() : in(word, depth + 1);
            case '+' -> value.isPresent() ? in(word, depth + 1) : "";
            default ->
                value.orElseThrow(() -> new IllegalArgumentException("${" + name + "?…} is not set; set " + name));
        };
    }
}
