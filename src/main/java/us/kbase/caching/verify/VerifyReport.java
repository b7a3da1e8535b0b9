package us.kbase.caching.verify;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a verification found.
 *
 * @param entries objects of this service that were looked at
 * @param bytes of those, read and compared
 * @param verified entries whose bytes have the digest that they were stored with
 * @param unknown entries with content of which no digest is known; they were not read
 * @param changed entries that were replaced or removed while they were read
 * @param absent ids that were asked for and under which there is nothing
 * @param failed objects at which the store did not answer as expected
 * @param damaged how many are not what was stored
 * @param shown the first of those
 * @param stopped why it ended early
 */
public record VerifyReport(
        long entries,
        long bytes,
        long verified,
        long unknown,
        long changed,
        long absent,
        long failed,
        long damaged,
        List<Damaged> shown,
        Optional<String> stopped) {

    /** How many damaged entries a report names; all of them are in the log. */
    public static final int SHOWN_MAX = 1000;

    /** Nothing yet. */
    public static final VerifyReport NOTHING = new VerifyReport(0, 0, 0, 0, 0, 0, 0, 0, List.of(), Optional.empty());

    /** Nothing, since it broke off before it could tell. */
    static VerifyReport brokenOff(String why) {
        return new VerifyReport(0, 0, 0, 0, 0, 0, 0, 0, List.of(), Optional.of(why));
    }

    /** Copies the list. */
    public VerifyReport {
        shown = List.copyOf(shown);
    }

    /**
     * A damaged entry.
     *
     * @param how the damage shows
     */
    public record Damaged(String cacheId, String how) {}

    /** What both found. */
    public VerifyReport plus(VerifyReport other) {
        return new VerifyReport(
                entries + other.entries,
                bytes + other.bytes,
                verified + other.verified,
                unknown + other.unknown,
                changed + other.changed,
                absent + other.absent,
                failed + other.failed,
                damaged + other.damaged,
                Stream.concat(shown.stream(), other.shown.stream())
                        .limit(SHOWN_MAX)
                        .toList(),
                stopped.or(() -> other.stopped));
    }

    /** By their names in JSON; what was not said is not there. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("entries", entries);
        fields.put("verified", verified);
        fields.put("bytes", bytes);
        fields.put("damaged", damaged);
        fields.put("unknown", unknown);
        fields.put("changed", changed);
        fields.put("absent", absent);
        fields.put("failed", failed);
        JsonArray named = new JsonArray();
        shown.forEach(
                one -> named.add(new JsonObject().put("cache_id", one.cacheId).put("how", one.how)));
        fields.put("shown", named);
        stopped.ifPresent(why -> fields.put("stopped", why));
        return fields;
    }

    /** Reads what {@link #fields} wrote; what is not there is nothing. */
    public static VerifyReport of(JsonObject fields) {
        List<Damaged> shown = new ArrayList<>();
        JsonArray named = fields.getJsonArray("shown", new JsonArray());
        for (int i = 0; i < named.size(); i++) {
            JsonObject one = named.getJsonObject(i);
            shown.add(new Damaged(one.getString("cache_id", ""), one.getString("how", "")));
        }
        return new VerifyReport(
                fields.getLong("entries", 0L),
                fields.getLong("bytes", 0L),
                fields.getLong("verified", 0L),
                fields.getLong("unknown", 0L),
                fields.getLong("changed", 0L),
                fields.getLong("absent", 0L),
                fields.getLong("failed", 0L),
                fields.getLong("damaged", 0L),
                shown,
                Optional.ofNullable(fields.getString("stopped")));
    }

    /** One line. */
    public String summary() {
        return "Entries: %d, verified: %d (%d bytes), damaged: %d, without a digest: %d, changed meanwhile: %d, absent: %d, failed: %d."
                        .formatted(entries, verified, bytes, damaged, unknown, changed, absent, failed)
                + stopped.map(why -> " Stopped: " + why).orElse("");
    }
}
