package us.kbase.caching.cache;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;

/**
 * Writes placeholders, also where an entry expired, so that no late strike of a sweep can hit what is published afterwards. A
 * strike rests on an ETag, and the ETag of a result comes back when the same bytes are published again. So the expired result
 * first gives way to something whose ETag is unique; what then takes that one's place says when; and nothing is published
 * before all strikes are over that could have seen the result.
 */
public final class PlaceholderWriter {

    private static final int CONFLICTS_MAX = 16;

    private final ObjectStore store;
    private final EntryReader entries;
    private final Tombstones tombstones;
    private final long lifetimeSeconds;

    /** Revives entries of a store, on its event loop. */
    public PlaceholderWriter(Vertx vertx, ObjectStore store, EntryReader entries, Lifetimes lifetimes) {
        this.store = store;
        this.entries = entries;
        this.tombstones = new Tombstones(vertx, entries);
        this.lifetimeSeconds = lifetimes.placeholderDays() * EntryMetadata.DAY_SECONDS;
    }

    /** Writes a placeholder where nothing is; fails with {@link Conflict} when something is there. Gives its metadata. */
    public Future<Map<String, String>> create(CacheId id, String tokenId) {
        Map<String, String> fresh = fresh(tokenId);
        return write(id, fresh, new Precondition.Absent()).map(fresh);
    }

    /**
     * The living entry under an id: a fresh placeholder where nothing is, or what is there is expired.
     *
     * @param gone completes when the client has left: then nothing is waited for
     */
    Future<Entry> living(CacheId id, String tokenId, Entry seen, Future<?> gone) {
        return Steps.until(new Reviving(id, tokenId, seen, gone)::step);
    }

    /** One entry on its way back to life, for one caller. */
    private final class Reviving {
        private final CacheId id;
        private final String tokenId;
        private final Future<?> gone;
        private Entry seen;
        private int conflicts;

        Reviving(CacheId id, String tokenId, Entry seen, Future<?> gone) {
            this.id = id;
            this.tokenId = tokenId;
            this.seen = seen;
            this.gone = gone;
        }

        /** The living entry; nothing when there is another step to make from what is seen now. */
        Future<Optional<Entry>> step() {
            return (switch (seen) {
                        case Entry.Absent absent -> replaced(fresh(tokenId), new Precondition.Absent());
                        case Entry.Tombstone tombstone -> overTombstone(tombstone);
                        case Entry.Expired expired -> overExpired(expired);
                        case Entry.Placeholder living -> Future.succeededFuture(Optional.of(seen));
                        case Entry.File living -> Future.succeededFuture(Optional.of(seen));
                        case Entry.Foreign foreign -> Future.succeededFuture(Optional.of(seen));
                    })
                    .recover(this::refused);
        }

        private Future<Optional<Entry>> refused(Throwable cause) {
            if (!(cause instanceof Conflict)) {
                return Future.failedFuture(cause);
            }
            return conflicts++ < CONFLICTS_MAX
                    ? entries.read(id).map(this::goOn)
                    : Future.failedFuture(new Failure.Busy("The entry keeps changing; try again"));
        }

        private Optional<Entry> goOn(Entry now) {
            seen = now;
            return Optional.empty();
        }

        private Future<Optional<Entry>> replaced(Map<String, String> metadata, Precondition condition) {
            return write(id, metadata, condition).compose(v -> entries.read(id)).map(Optional::of);
        }

        private Future<Optional<Entry>> overTombstone(Entry.Tombstone tombstone) {
            return tombstones.isStruck(tombstone)
                    ? tombstones.passed(id, gone).map(this::goOn) // normally it is gone within milliseconds
                    : replaced(
                            fresh(tokenId),
                            new Precondition.Matches(tombstone.stored().etag()));
        }

        private Future<Optional<Entry>> overExpired(Entry.Expired expired) {
            Precondition same = new Precondition.Matches(expired.stored().etag());
            if (store.upkeep().etagNamesVersion()) {
                return replaced(fresh(tokenId), same);
            }
            if (!expired.hasUniqueBody()) {
                return write(id, EntryMetadata.burying(expired.stored()), same)
                        .compose(v -> entries.read(id))
                        .map(this::goOn);
            }
            Map<String, String> metadata = fresh(tokenId);
            if (EntryMetadata.isBuried(expired.stored())) {
                // The result is gone for sure by now, and only by now: it was read after its burial.
                EntryMetadata.replacedAt(metadata, entries.now());
            }
            return replaced(metadata, same);
        }
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
        Guard once = new Guard() {
            @Override
            public Precondition first() {
                return condition;
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.failedFuture(new Conflict());
            }
        };
        return store.put(id.value(), new Body(ByteSource.of(nonce), nonce.length()), metadata, once);
    }
}
