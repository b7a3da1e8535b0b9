package us.kbase.caching.store;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/**
 * Where objects are kept. Used on one event loop; futures complete there. Failures are {@link
 * us.kbase.caching.failure.Failure}s.
 */
public interface ObjectStore {

    /** What is known of an object, or nothing when there is none. */
    Future<Optional<Stored>> head(String key);

    /** An object's metadata and bytes, or nothing; {@code RangeNotSatisfiable} when the range lies outside. */
    default Future<Optional<Download>> get(String key, ByteRange range) {
        return get(key, range, Optional.empty());
    }

    /** The same under a condition: fails with {@link Conflict} unless the object has this ETag. */
    Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag);

    /**
     * Replaces or creates an object, atomically: readers see the old one or the whole new one. Publishes only when the body
     * ended well and the guard's condition holds at that instant; every other end leaves the old object and nothing else.
     *
     * @param metadata user metadata, ASCII, below 2 KiB in all
     * @return the new ETag
     */
    Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard);

    /**
     * Removes an object; well also when there is none. A store in front of another, while a cache moves, leaves a tombstone in its place:
     * an expired placeholder, which is no entry.
     */
    Future<Void> delete(String key);

    /** At most {@code limit} (1 to 1000) objects whose keys follow {@code after} in order. */
    Future<Page> list(String after, int limit);

    /** What keeping this store tidy needs. */
    Upkeep upkeep();

    /** Makes the bucket or folder where it is missing, and fails when the store cannot serve now. */
    Future<Void> prepare();

    /** Frees connections and files. */
    Future<Void> close();
}
