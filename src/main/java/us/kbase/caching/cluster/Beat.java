package us.kbase.caching.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway tells the others of itself every two seconds, and at once when it changes.
 *
 * @param id where it is reached, {@code host:port}
 * @param sinceMillis when it began, by its own clock
 * @param kind whether it wants to be answered
 * @param contact the name by which the one who asked knows the one who answers
 * @param known ids of gateways that it hears of; at most {@value Roster#PEERS_MAX}
 * @param listens addresses of the event bus that somebody listens to there; at most {@value Roster#ADDRESSES_MAX}
 */
record Beat(String id, long sinceMillis, Kind kind, String contact, Set<String> known, Set<String> listens) {

    /** Whether a beat is answered with one. */
    enum Kind {
        ASKS,
        ANSWERS
    }

    String text() {
        return new JsonObject()
                .put("id", id)
                .put("since", sinceMillis)
                .put("kind", kind.name())
                .put("contact", contact)
                .put("known", new JsonArray(List.copyOf(known)))
                .put("listens", new JsonArray(List.copyOf(listens)))
                .encode();
    }

    /** Nothing for what no gateway writes. */
    static Optional<Beat> parse(String text) {
        try {
            JsonObject json = new JsonObject(text);
            return Optional.of(new Beat(
                    Membership.Address.parse(string(json.getValue("id"))).toString(),
                    json.getValue("since") instanceof Number since ? since.longValue() : 0,
                    Kind.valueOf(string(json.getValue("kind"))),
                    string(json.getValue("contact")),
                    set(strings(json, "known")
                            .map(known -> Membership.Address.parse(known).toString())
                            .limit(Roster.PEERS_MAX)
                            .toList()),
                    set(strings(json, "listens").limit(Roster.ADDRESSES_MAX).toList())));
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Stream<String> strings(JsonObject json, String key) {
        return json.getValue(key) instanceof JsonArray all ? all.stream().map(Beat::string) : Stream.of();
    }

    private static String string(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text");
    }

    private static Set<String> set(Collection<String> all) {
        return Set.copyOf(all);
    }
}
