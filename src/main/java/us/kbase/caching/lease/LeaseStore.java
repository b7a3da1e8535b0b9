package us.kbase.caching.lease;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryReader;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/** Reads and writes placeholders with their lease notes; one event loop. */
final class LeaseStore {

    private static final ByteRange NOTE = new ByteRange(0, LeaseRecord.BYTES_MAX - 1);
    private static final Duration PLACEHOLDER_LIFETIME = Duration.ofDays(7);

    private final ObjectStore store;
    private final InstantSource clock;
    private final EntryReader entries;

    LeaseStore(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.entries = new EntryReader(store, clock);
    }

    /** The time that deadlines are in. */
    Instant now() {
        return clock.instant();
    }

    /** The entry and its note, from one call: they belong together. */
    Future<LeaseRules.Seen> read(CacheId id) {
        return once(id).recover(cause -> cause instanceof Failure.Upstream ? once(id) : Future.failedFuture(cause));
    }

    private Future<LeaseRules.Seen> once(CacheId id) {
        return store.get(id.value(), NOTE)
                .compose(found -> found.map(this::seen).orElseGet(() -> bare(Optional.empty())))
                // The original's placeholders are empty, and no range lies in an empty object.
                .recover(cause -> cause instanceof Failure.RangeNotSatisfiable
                        ? store.head(id.value()).compose(this::bare)
                        : Future.failedFuture(cause));
    }

    private Future<LeaseRules.Seen> seen(Download download) {
        Buffer body = Buffer.buffer();
        return Pump.run(download.bytes(), chunk -> {
                    Chunk.moveTo(body, chunk);
                    return Future.succeededFuture();
                })
                .onFailure(cause -> download.bytes().cancel())
                .compose(v -> entries.of(Optional.of(download.stored())))
                .map(entry -> new LeaseRules.Seen(
                        entry, entry instanceof Entry.Placeholder ? LeaseRecord.read(body) : LeaseRecord.NONE));
    }

    private Future<LeaseRules.Seen> bare(Optional<Stored> found) {
        return entries.of(found).map(entry -> new LeaseRules.Seen(entry, LeaseRecord.NONE));
    }

    /** The note of a lease that is to be taken, with a number that the store stands for. */
    Future<LeaseRecord> numbered(LeaseRecord taken) {
        return store.upkeep().fencing(taken.fencing()).map(number -> new LeaseRecord(number, taken.held()));
    }

    /** Replaces the placeholder that was seen by one with another note; fails with {@code Conflict} if it is another by now. */
    Future<Void> write(Entry.Placeholder seen, LeaseRecord note) {
        Map<String, String> metadata = new LinkedHashMap<>(seen.stored().metadata());
        long expires = now().plus(PLACEHOLDER_LIFETIME).getEpochSecond();
        metadata.put("expiration", Long.toString(Math.max(seen.expiresEpochSeconds(), expires)));
        Buffer content = note.body();
        Body body = new Body(ByteSource.of(content), content.length());
        Guard once = new Guard() {
            @Override
            public Precondition first() {
                return new Precondition.Matches(seen.stored().etag());
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.failedFuture(new Conflict());
            }
        };
        return store.put(seen.stored().key(), body, metadata, once).mapEmpty();
    }
}
