package us.kbase.caching.cache;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.WrongChecksum;
import us.kbase.caching.stream.ByteSource;

/**
 * Writes placeholders, also where an entry expired, so that no late strike of a sweep can hit what is published afterwards. A strike
 * rests on an ETag, and the ETag of a result comes back when the same bytes are published again. So an object with a unique ETag
 * first replaces the expired result. The placeholder that follows records when that happened, and nothing is published until every
 * strike that could have seen the result has expired.
 */
public final class PlaceholderWriter {

    private static final Logger log = LoggerFactory.getLogger(PlaceholderWriter.class);

    private final ObjectStore store;
    private final EntryReader entries;
    private final Tombstones tombstones;
    private final long lifetimeSeconds;

    /** Revives entries of a store, on its event loop. */
    public PlaceholderWriter(Vertx vertx, ObjectStore store, EntryReader entries, Lifetimes lifetimes) {
        this.store = store;
        this.entries = entries;
        this.tombstones = new Tombstones(vertx, entries);
        this.lifetimeSeconds = lifetimes.placeholder().toSeconds();
    }

    /** Writes a placeholder where nothing is; fails with {@link Conflict} when something is there. */
    public Future<Created> create(CacheId id, String tokenId) {
        Map<String, String> fresh = fresh(tokenId);
        return write(id, fresh, new Precondition.Absent()).map(etag -> new Created(fresh, etag));
    }

    /** A placeholder as it was written. */
    public record Created(Map<String, String> metadata, String etag) {}

    /**
     * The living entry under an id: a fresh placeholder where nothing is, or what is there is expired. Fails with {@link Conflict} when
     * the entry changed meanwhile, also by the first of two writes that this takes: then it is to be read and decided anew.
     *
     * @param gone completes when the client has left: then nothing is waited for
     */
    Future<Entry> living(CacheId id, String tokenId, Entry seen, Future<?> gone) {
        For caller = new For(id, tokenId, gone);
        return struckOut(caller, seen).compose(past -> step(caller, past));
    }

    /** For whom an entry is revived. */
    private record For(CacheId id, String tokenId, Future<?> gone) {}

    private Future<Entry> step(For caller, Entry seen) {
        return switch (seen) {
            case Entry.Absent absent ->
                write(caller.id(), fresh(caller.tokenId()), new Precondition.Absent())
                        .compose(v -> entries.read(caller.id()));
            case Entry.Tombstone tombstone -> overTombstone(caller, tombstone);
            case Entry.Expired expired -> overExpired(caller, expired);
            case Entry.Placeholder living -> Future.succeededFuture(seen);
            case Entry.File living -> Future.succeededFuture(seen);
            case Entry.Foreign foreign -> Future.succeededFuture(seen);
        };
    }

    /** What is there once no tombstone is that a removal may still hit; normally that takes milliseconds. */
    private Future<Entry> struckOut(For caller, Entry seen) {
        AtomicReference<Entry> now = new AtomicReference<>(seen);
        return Steps.until(() -> now.get() instanceof Entry.Tombstone tombstone && tombstones.isStruck(tombstone)
                ? tombstones.passed(caller.id(), caller.gone()).map(next -> {
                    now.set(next);
                    return Optional.empty();
                })
                : Future.succeededFuture(Optional.of(now.get())));
    }

    private Future<Entry> overTombstone(For caller, Entry.Tombstone tombstone) {
        return write(
                        caller.id(),
                        fresh(caller.tokenId()),
                        new Precondition.Matches(tombstone.stored().etag()))
                .compose(v -> entries.read(caller.id()));
    }

    private Future<Entry> overExpired(For caller, Entry.Expired expired) {
        CacheId id = caller.id();
        String etag = expired.stored().etag();
        if (store.upkeep().etagNamesVersion()) {
            return write(id, fresh(caller.tokenId()), new Precondition.Matches(etag))
                    .compose(v -> entries.read(id));
        }
        if (!expired.hasUniqueBody()) {
            return buried(expired.stored()).compose(decidedAnew -> Future.failedFuture(new Conflict()));
        }
        Map<String, String> metadata = fresh(caller.tokenId());
        if (EntryMetadata.isBuried(expired.stored())) {
            // The result is gone for sure by now, and only by now: it was read after its burial.
            EntryMetadata.replacedAt(metadata, entries.now());
        }
        return write(id, metadata, new Precondition.Matches(etag)).compose(v -> entries.read(id));
    }

    /**
     * Fails as a publish did. Where the store published other bytes than were sent, a placeholder is in their place by then, so that
     * nobody is served them as the result. What somebody else published meanwhile stays.
     */
    <T> Future<T> takenBack(CacheId id, String tokenId, Throwable cause) {
        return WrongChecksum.published(cause)
                .map(etag -> write(id, fresh(tokenId), new Precondition.Matches(etag)))
                .orElseGet(Future::succeededFuture)
                .onFailure(kept -> {
                    if (!(kept instanceof Conflict)) {
                        log.error(
                                "{} holds other bytes than were sent, and could not be taken back: {}",
                                id,
                                kept.toString());
                    }
                })
                .transform(done -> Future.failedFuture(cause));
    }

    /**
     * Whether an object whose ETag is unique took an expired result's place. Like a sweep's strike this rests on an ETag that comes back
     * with the same bytes, so the store refuses it when it is late: a plain write that is tried again would hit the fresh result.
     */
    private Future<Boolean> buried(Stored result) {
        return store.upkeep()
                .look(result.key())
                .compose(found -> found.filter(seen -> seen.stored().equals(result))
                        .map(seen -> store.upkeep()
                                .arm(seen, EntryMetadata.burying(result))
                                .mark())
                        .orElseGet(() -> Future.succeededFuture(false)));
    }

    private Map<String, String> fresh(String tokenId) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("expiration", Long.toString(entries.now() + lifetimeSeconds));
        metadata.put("filename", Entry.PLACEHOLDER);
        metadata.put("token_id", tokenId);
        return metadata;
    }

    private Future<String> write(CacheId id, Map<String, String> metadata, Precondition condition) {
        // The nonce gives every placeholder an ETag of its own: an ETag names bytes, not a version.
        Buffer nonce =
                new JsonObject().put("nonce", UUID.randomUUID().toString()).toBuffer();
        Body body = new Body(ByteSource.of(nonce), nonce.length());
        return store.put(id.value(), body, metadata, Guard.once(condition));
    }
}
