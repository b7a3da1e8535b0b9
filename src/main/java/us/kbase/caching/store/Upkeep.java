package us.kbase.caching.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What keeping a store tidy needs: safe removal, last use, and uploads that nobody finished. Event loop of its store. */
public interface Upkeep {

    /** How long prepared strikes stay good, by the store's clock. */
    Duration strikeWindow();

    /**
     * Whether an ETag names one version. Where it names bytes (S3), the same content written again has the same ETag, and a
     * condition seen before that still holds after it.
     */
    boolean etagNamesVersion();

    /** Looks at an object, with the store's time. */
    Future<Optional<Observation>> look(String key);

    /**
     * Prepares the removal of an object that was seen: good until {@code seen.at()} plus the strike window. Then look again,
     * and strike only if what is there is still what is to go.
     *
     * @param marker metadata of what {@link GuardedRemoval#mark} puts in its place; its body is unique
     */
    GuardedRemoval arm(Observation seen, Map<String, String> marker);

    /** The day (since 1970, UTC) of the last use that {@link #used} noted, if any. */
    Future<OptionalLong> lastUsed(String key);

    /**
     * Notes a use, leaving content and metadata as they are. Well also when the object is gone.
     * {@link UnsupportedOperationException} when this store keeps no such notes.
     */
    Future<Void> used(String key, long epochDay);

    /**
     * How an object that is no more was found damaged by this store since its start; such a one is absent for everybody. Nothing where it
     * was not, and where the store keeps no such notes.
     */
    default Optional<String> foundDamaged(String key) {
        return Optional.empty();
    }

    /**
     * A fencing number that is at least this one, which the store's time gave, and higher than every one given before as far as this
     * store can know. Where it keeps none it is this one.
     */
    default Future<Long> fencing(long atLeast) {
        return Future.succeededFuture(atLeast);
    }

    /**
     * At most {@code limit} open uploads that follow the given one in order; fewer may come though others follow. Servers that do not
     * list all of them (MinIO) give what they know.
     */
    Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit);

    /**
     * Whether an open upload got a part after that time: then somebody still sends it. Fails where that cannot be known. A store that
     * lists no uploads is not asked.
     */
    default Future<Boolean> gotPartSince(Instant time, OpenUpload upload) {
        return Future.succeededFuture(false);
    }

    /** Frees what the store holds of an upload; well also when it is gone. */
    Future<Void> abort(OpenUpload upload);
}
