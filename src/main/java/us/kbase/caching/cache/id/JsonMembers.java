package us.kbase.caching.cache.id;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.text.Decimal;

/** The members of a JSON object in a request, read by the rules that cache ids are made by. */
public final class JsonMembers {

    private static final int INTEGER_DIGITS_MAX = 9;

    private final Map<?, ?> members;

    private JsonMembers(Map<?, ?> members) {
        this.members = members;
    }

    /**
     * Reads an object; nothing at all counts as one without members.
     *
     * @throws JsonParseException for anything else
     */
    public static JsonMembers read(byte[] body) throws JsonParseException {
        if (body.length == 0) {
            return new JsonMembers(Map.of());
        }
        if (new JsonReader(JsonEncoding.decode(body)).read() instanceof Map<?, ?> map) {
            return new JsonMembers(map);
        }
        throw JsonParseException.of("an object was expected");
    }

    /** A whole number. */
    public Optional<Integer> integer(String name) throws JsonParseException {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonReader.Literal literal) {
            String text = literal.text();
            boolean negative = text.startsWith("-");
            OptionalLong digits = Decimal.parse(negative ? text.substring(1) : text, INTEGER_DIGITS_MAX);
            if (digits.isPresent()) {
                return Optional.of(Math.toIntExact(negative ? -digits.getAsLong() : digits.getAsLong()));
            }
        }
        throw JsonParseException.of(name + " must be a whole number");
    }

    /** {@code true} or {@code false}. */
    public Optional<Boolean> flag(String name) throws JsonParseException {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonReader.Literal literal
                && (literal.text().equals("true") || literal.text().equals("false"))) {
            return Optional.of(Boolean.valueOf(literal.text()));
        }
        throw JsonParseException.of(name + " must be true or false");
    }

    /** A string. */
    public Optional<String> text(String name) throws JsonParseException {
        Object value = members.get(name);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw JsonParseException.of(name + " must be a string");
    }

    /** The canonical text of a member that is an object with members of its own, else an empty text. */
    public String canonical(String name) {
        return members.get(name) instanceof Map<?, ?> map && !map.isEmpty() ? CanonicalJson.write(map) : "";
    }
}
