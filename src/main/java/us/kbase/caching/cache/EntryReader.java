package us.kbase.caching.cache;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Stored;

/** Reads entries from a store at that store's time. Last use is asked for only when it can matter: once the expiry has passed. */
public final class EntryReader {

    private final ObjectStore store;
    private final InstantSource clock;

    /** Reads from a store, with that store's clock. */
    public EntryReader(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** What stands under an id. */
    public Future<Entry> read(CacheId id) {
        return ConflictRetry.whileConflict(() -> store.head(id.value()).compose(this::of));
    }

    /**
     * The entry that an object is. Fails with {@link Conflict} where the object changed since it was seen and that matters: then it is to
     * be read again.
     */
    public Future<Entry> of(Optional<Stored> found) {
        return found.map(stored -> of(stored, now(), key -> store.upkeep().lastUsed(key))
                        .compose(entry -> entry instanceof Entry.Expired expired && expired.isFile()
                                ? confirmed(expired)
                                : Future.succeededFuture(entry)))
                .orElseGet(() -> Future.succeededFuture(new Entry.Absent()));
    }

    /**
     * The day of last use was asked for after the object was seen. Where the object was replaced in between, that day is another's: the
     * same bytes published again have the same ETag and no such day, and would be destroyed as expired.
     */
    private Future<Entry> confirmed(Entry.Expired expired) {
        return store.head(expired.stored().key())
                .compose(again -> again.filter(expired.stored()::isSameVersion).isPresent()
                        ? Future.succeededFuture(expired)
                        : Future.failedFuture(new Conflict()));
    }

    /**
     * The entry that an object is, or was, at a time of its store.
     *
     * @param lastUsed the day of a key's last use, as {@link us.kbase.caching.store.Upkeep#lastUsed} gives it
     */
    public static Future<Entry> of(Stored stored, long epochSeconds, Function<String, Future<OptionalLong>> lastUsed) {
        Entry entry = Entry.of(stored, epochSeconds);
        return entry instanceof Entry.Expired expired && expired.isFile()
                ? lastUsed.apply(stored.key()).map(day -> Entry.of(stored, day, epochSeconds))
                : Future.succeededFuture(entry);
    }

    /** The store's time. */
    public long now() {
        return clock.instant().getEpochSecond();
    }
}
