package us.kbase.caching.stress.siege.attack;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import us.kbase.caching.stress.siege.wire.Ending;

/**
 * What an attack did.
 *
 * @param begun visits that began
 * @param open visits that are under way
 * @param endings how the others ended
 * @param sentBytes bytes that the server's socket took
 * @param receivedBytes bytes that were read
 */
public record Counts(long begun, long open, Map<Ending, Long> endings, long sentBytes, long receivedBytes) {

    /** Nothing yet. */
    public static Counts none() {
        return new Counts(0, 0, new EnumMap<>(Ending.class), 0, 0);
    }

    /** The endings as text, those that happened. */
    public String text() {
        return endings.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getValue() + " "
                        + entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
    }
}
