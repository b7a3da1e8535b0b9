package us.kbase.caching.simulation;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;

/** Objects and the conditions under which they change, without any network. */
final class SimulatedBucket {

    /** What an ETag names. */
    enum Etags {
        /** The content, as on S3: the same content again has the same ETag. */
        BYTES,
        /** One version, as in the embedded store. */
        VERSIONS
    }

    /**
     * An object.
     *
     * @param write tells one write from every other
     */
    record Kept(Stored stored, Buffer bytes, Instant modified, long write) {}

    private final Etags etags;
    private final StoreClock clock;
    private final Map<String, Kept> objects = new TreeMap<>();
    private final Map<String, Long> lastUsedDays = new TreeMap<>();
    private final Map<Long, Schedule.Process> openUploads = new TreeMap<>();
    private long uploads;
    private long writes;

    SimulatedBucket(Etags etags, StoreClock clock) {
        this.etags = etags;
        this.clock = clock;
    }

    StoreClock clock() {
        return clock;
    }

    Etags etags() {
        return etags;
    }

    Optional<Kept> get(String key) {
        return Optional.ofNullable(objects.get(key));
    }

    /** Writes if the condition holds; gives the write's number. */
    Optional<Long> write(String key, Buffer bytes, Map<String, String> metadata, Precondition condition) {
        String there = get(key).map(kept -> kept.stored().etag()).orElse("");
        String asked = condition instanceof Precondition.Matches matches ? matches.etag() : "";
        return there.equals(asked) ? Optional.of(write(key, bytes, metadata)) : Optional.empty();
    }

    private long write(String key, Buffer bytes, Map<String, String> metadata) {
        long number = ++writes;
        String etag = "\"" + (etags == Etags.BYTES ? bytes.toString() : Long.toString(number)) + "\"";
        objects.put(key, new Kept(new Stored(key, etag, bytes.length(), metadata), bytes, clock.now(), number));
        lastUsedDays.remove(key);
        return number;
    }

    /** Opens an upload in parts; gives its number. */
    long beginUpload() {
        return ++uploads;
    }

    /** A gateway knows of an open upload: it is that one's to end. */
    void belongsTo(long upload, Schedule.Process gateway) {
        openUploads.put(upload, gateway);
    }

    boolean isOpen(long upload) {
        return openUploads.containsKey(upload);
    }

    /** Its parts are gone, or have become an object. */
    void endUpload(long upload) {
        openUploads.remove(upload);
    }

    /** Whether an upload is open that a living gateway knows of. */
    boolean hasLeftUploads() {
        return openUploads.values().stream().anyMatch(Schedule.Process::isAlive);
    }

    void delete(String key) {
        objects.remove(key);
        lastUsedDays.remove(key);
    }

    boolean deleteIf(String key, String etag) {
        boolean there =
                get(key).filter(kept -> kept.stored().etag().equals(etag)).isPresent();
        if (there) {
            delete(key);
        }
        return there;
    }

    void used(String key, long day) {
        if (objects.containsKey(key)) {
            lastUsedDays.put(key, day);
        }
    }

    OptionalLong lastUsed(String key) {
        Long day = lastUsedDays.get(key);
        return day == null ? OptionalLong.empty() : OptionalLong.of(day);
    }

    Page list(String after, int limit) {
        List<Listed> following = objects.values().stream()
                .filter(kept -> kept.stored().key().compareTo(after) > 0)
                .map(kept -> new Listed(kept.stored().key(), kept.modified()))
                .toList();
        return new Page(following.subList(0, Math.min(limit, following.size())), following.size() > limit);
    }
}
