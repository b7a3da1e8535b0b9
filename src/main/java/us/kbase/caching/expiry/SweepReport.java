package us.kbase.caching.expiry;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a sweep found and did.
 *
 * @param objects keys that were listed
 * @param entries objects of this service among those that were looked at
 * @param foreign objects of others, left alone
 * @param expired entries whose time was over
 * @param removed entries that are gone
 * @param spared expired ones that changed or were used meanwhile, or that the next sweep removes
 * @param failed objects and open uploads at which the store did not answer as expected
 * @param uploads abandoned multipart uploads that were aborted
 * @param stopped why the sweep ended early
 */
public record SweepReport(
        long objects,
        long entries,
        long foreign,
        long expired,
        long removed,
        long spared,
        long failed,
        long uploads,
        Optional<String> stopped) {

    /** Nothing yet. */
    public static final SweepReport NOTHING = new SweepReport(0, 0, 0, 0, 0, 0, 0, 0, Optional.empty());

    /** The same of a sweep that ended early, unless it has said so itself. */
    SweepReport endedBy(String why) {
        return stopped.isPresent()
                ? this
                : new SweepReport(
                        objects, entries, foreign, expired, removed, spared, failed, uploads, Optional.of(why));
    }

    /** By their names in JSON; what was not said is not there. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("objects", objects);
        fields.put("entries", entries);
        fields.put("expired", expired);
        fields.put("removed", removed);
        fields.put("spared", spared);
        fields.put("failed", failed);
        fields.put("foreign", foreign);
        fields.put("uploads", uploads);
        stopped.ifPresent(why -> fields.put("stopped", why));
        return fields;
    }

    /** Reads what {@link #fields} wrote; what is not there is nothing. */
    public static SweepReport of(JsonObject fields) {
        return new SweepReport(
                fields.getLong("objects", 0L),
                fields.getLong("entries", 0L),
                fields.getLong("foreign", 0L),
                fields.getLong("expired", 0L),
                fields.getLong("removed", 0L),
                fields.getLong("spared", 0L),
                fields.getLong("failed", 0L),
                fields.getLong("uploads", 0L),
                Optional.ofNullable(fields.getString("stopped")));
    }

    /** One line, in the words of the original service's command. */
    public String summary() {
        return "Total objects: %d. Removed %d objects. Entries: %d, expired: %d, spared: %d, failed: %d. Foreign objects: %d."
                        .formatted(objects, removed, entries, expired, spared, failed, foreign)
                + " Abandoned uploads: %d.".formatted(uploads)
                + stopped.map(why -> " Stopped: " + why).orElse("");
    }
}
