package us.kbase.caching.http.route;

import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.text.AsciiSet;
import us.kbase.caching.text.Decimal;
import us.kbase.caching.text.PercentEncoding;

/**
 * The parameters behind a path's question mark, {@code name=value} joined by {@code &}, percent-encoded UTF-8 (RFC 3986 sections
 * 2.1 and 3.4). What cannot be read in one way only is refused with {@code BadInput}, which names the parameter: who mistypes
 * {@code dry_run} must not start a real sweep. Routes of the v1 contract ignore their query, as the original does. Any thread.
 */
public final class Query {

    private static final int NAME_SHOWN_MAX = 64;
    private static final int INTEGER_DIGITS_MAX = 9;

    private final Map<String, String> values = new HashMap<>();

    private Query() {}

    /** The request's parameters; fails unless each is one of these names, stands there once, and has a value. */
    public static Query of(HttpServerRequest request, Set<String> names) {
        return parse(Optional.ofNullable(request.query()).orElse(""), names);
    }

    /** Fails if the request has a parameter. */
    public static void none(HttpServerRequest request) {
        new Query().read(Optional.ofNullable(request.query()).orElse(""), Set.of());
    }

    public static Query parse(String text, Set<String> names) {
        Query query = new Query();
        query.read(text, names);
        return query;
    }

    private void read(String text, Set<String> names) {
        int at = 0;
        while (at < text.length()) {
            int next = text.indexOf('&', at);
            int end = next < 0 ? text.length() : next;
            if (end > at) { // nothing between two of them, or at the end, is no parameter
                add(text.substring(at, end), names);
            }
            at = end + 1;
        }
    }

    private void add(String parameter, Set<String> names) {
        int equals = parameter.indexOf('=');
        String sentName = equals < 0 ? parameter : parameter.substring(0, equals);
        String name = PercentEncoding.decode(sentName).orElse("");
        if (!names.contains(name)) {
            throw new Failure.BadInput("Unknown query parameter: " + AsciiSet.VISIBLE.shown(sentName, NAME_SHOWN_MAX)
                    + "; this route takes "
                    + (names.isEmpty() ? "none" : String.join(", ", new TreeSet<>(names))));
        }
        if (equals < 0) {
            throw new Failure.BadInput(name + " must have a value: " + name + "=...");
        }
        String value = PercentEncoding.decode(parameter.substring(equals + 1))
                .orElseThrow(() -> new Failure.BadInput(name + " must be percent-encoded UTF-8"));
        if (values.put(name, value) != null) {
            throw new Failure.BadInput(name + " must stand in the query once");
        }
    }

    /** The value, if the parameter is there. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** {@code true} or {@code false}; false if absent. */
    public boolean flag(String name) {
        return switch (values.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Failure.BadInput(name + " must be true or false");
        };
    }

    /** A whole number between these two, both included. */
    public Optional<Integer> integer(String name, int min, int max) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        OptionalLong number = Decimal.parse(value, INTEGER_DIGITS_MAX);
        if (number.isEmpty() || number.getAsLong() < min || number.getAsLong() > max) {
            throw new Failure.BadInput(name + " must be a whole number from " + min + " to " + max);
        }
        return Optional.of(Math.toIntExact(number.getAsLong()));
    }
}
