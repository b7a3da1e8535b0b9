package us.kbase.caching.move;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a move found and did.
 *
 * @param entries of this service in the previous store
 * @param copied of those, now
 * @param bytes copied
 * @param same copies of an earlier move, of the digest and length of what they were made of
 * @param there entries in whose place the new store has something of its own
 * @param over entries that expired, or were removed
 * @param foreign objects of others, which are left
 * @param changed entries that changed meanwhile: another move looks at them again
 * @param damaged entries whose bytes are not what was uploaded, or not what was copied
 * @param failed entries of which a store did not answer as expected
 * @param shown the first of the damaged and failed ones, each with a reason
 * @param stopped why it ended early
 */
public record MoveReport(
        long entries,
        long copied,
        long bytes,
        long same,
        long there,
        long over,
        long foreign,
        long changed,
        long damaged,
        long failed,
        List<Shown> shown,
        Optional<String> stopped) {

    /** How many entries a report names; all of them are in the log. */
    public static final int SHOWN_MAX = 1000;

    /** Copies the list. */
    public MoveReport {
        shown = List.copyOf(shown);
    }

    /**
     * An entry that was not copied well.
     *
     * @param why in one clause
     */
    public record Shown(String cacheId, String why) {}

    /** Whether another move has something to do, as far as this one could see. */
    public boolean isWhole() {
        return changed == 0 && failed == 0 && damaged == 0 && stopped.isEmpty();
    }

    /** The numbers, by the names that programs read. */
    public Map<String, Long> numbers() {
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("entries", entries);
        numbers.put("copied", copied);
        numbers.put("bytes", bytes);
        numbers.put("same", same);
        numbers.put("there", there);
        numbers.put("over", over);
        numbers.put("foreign", foreign);
        numbers.put("changed", changed);
        numbers.put("damaged", damaged);
        numbers.put("failed", failed);
        return numbers;
    }

    /** All that a log line says. */
    public String summary() {
        return numbers() + stopped.map(why -> "; it ended early: " + why).orElse("");
    }
}
