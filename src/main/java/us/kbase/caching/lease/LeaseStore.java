package us.kbase.caching.lease;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.stream.ByteSource;

/** Reads and writes placeholders with their lease notes; one event loop. */
final class LeaseStore {

    private final ObjectStore store;
    private final InstantSource clock;
    private final LeaseReader reader;
    private final Lifetimes lifetimes;

    LeaseStore(ObjectStore store, InstantSource clock, Lifetimes lifetimes) {
        this.store = store;
        this.clock = clock;
        this.reader = new LeaseReader(store, clock);
        this.lifetimes = lifetimes;
    }

    /** The time that deadlines are in. */
    Instant now() {
        return clock.instant();
    }

    /** The entry and its note, from one call: they belong together. */
    Future<LeaseRules.Seen> read(CacheId id) {
        return reader.read(id);
    }

    /** The note of a lease that is to be taken, with a number that the store stands for. */
    Future<LeaseRecord> numbered(LeaseRecord taken) {
        return store.upkeep()
                .fencing(taken.fencing())
                .map(number -> new LeaseRecord(number, taken.held(), taken.released()));
    }

    /** Replaces the placeholder that was seen by one with another note; fails with {@code Conflict} if it is another by now. */
    Future<Void> write(Entry.Placeholder seen, LeaseRecord note) {
        Map<String, String> metadata = new LinkedHashMap<>(seen.stored().metadata());
        long expires = now().plus(lifetimes.placeholder()).getEpochSecond();
        metadata.put("expiration", Long.toString(Math.max(seen.expiresEpochSeconds(), expires)));
        Buffer content = note.body();
        Body body = new Body(ByteSource.of(content), content.length());
        Guard once = Guard.once(Entry.unchanged(seen.stored()));
        return store.put(seen.stored().key(), body, metadata, once).mapEmpty();
    }
}
