package us.kbase.caching.cache;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.ByteSource;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;

/** Carries out what {@link EntryRules} decide; when the store says that an entry changed, reads it and asks again. */
public final class CacheService {

    private static final long PLACEHOLDER_SECONDS = 604_800;
    private static final long FILE_SECONDS = 2_592_000;
    private static final int CONFLICTS_MAX = 16;

    private final ObjectStore store;
    private final InstantSource clock;
    private final Changes changes;

    /** A service on a store, with that store's clock; tells of what it publishes and removes. */
    public CacheService(ObjectStore store, InstantSource clock, Changes changes) {
        this.store = store;
        this.clock = clock;
        this.changes = changes;
    }

    /** A file that the caller may read. */
    public record Opened(Entry.File file, Download download) {}

    /** Makes the id's placeholder, or finds what is there; gives the entry's three metadata. */
    public Future<Map<String, String>> reserve(CacheId id, String tokenId) {
        Map<String, String> metadata = metadata(Entry.PLACEHOLDER, tokenId, PLACEHOLDER_SECONDS);
        return placeholder(id, metadata, new Precondition.Absent())
                .recover(cause -> cause instanceof Conflict ? known(id, tokenId, 0) : Future.failedFuture(cause));
    }

    private Future<Map<String, String>> known(CacheId id, String tokenId, int conflicts) {
        return entry(id).compose(entry -> switch (EntryRules.reserve(entry, tokenId)) {
            case EntryRules.Reservation.Known known -> Future.succeededFuture(metadataOf(known.entry()));
            case EntryRules.Reservation.Write write ->
                placeholder(id, metadata(Entry.PLACEHOLDER, tokenId, PLACEHOLDER_SECONDS), write.condition())
                        .recover(cause -> cause instanceof Conflict
                                ? conflicts < CONFLICTS_MAX
                                        ? known(id, tokenId, conflicts + 1)
                                        : Future.failedFuture(keepsChanging())
                                : Future.failedFuture(cause));
        });
    }

    private static Failure keepsChanging() {
        return new Failure.Busy("The entry keeps changing; try again");
    }

    private Future<Map<String, String>> placeholder(CacheId id, Map<String, String> metadata, Precondition condition) {
        // The nonce gives every placeholder an ETag of its own: an ETag names bytes, not a version.
        Buffer nonce =
                new JsonObject().put("nonce", UUID.randomUUID().toString()).toBuffer();
        Body body = new Body(ByteSource.of(nonce), nonce.length());
        return store.put(id.value(), body, metadata, once(condition)).map(metadata);
    }

    private static Guard once(Precondition condition) {
        return new Guard() {
            @Override
            public Precondition first() {
                return condition;
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.failedFuture(new Conflict());
            }
        };
    }

    /** Whether the caller may upload under this id. */
    public Admission admission(CacheId id, String tokenId) {
        return () -> entry(id).map(entry -> EntryRules.publish(entry, tokenId));
    }

    /**
     * Publishes a result under an id that was admitted. The last of concurrent uploads wins, whole.
     *
     * @param admitted what the admission said before the body was read
     * @param filename as the client sent it
     */
    public Future<Void> store(
            CacheId id, String tokenId, Admission admission, Precondition admitted, String filename, Body body) {
        Map<String, String> metadata = metadata(SecureFilename.of(filename), tokenId, FILE_SECONDS);
        return store.put(id.value(), body, metadata, new PublishGuard(admission, admitted))
                .onSuccess(etag -> changes.changed(id))
                .mapEmpty();
    }

    private static final class PublishGuard implements Guard {
        private final Admission admission;
        private final Precondition admitted;
        private int conflicts;

        PublishGuard(Admission admission, Precondition admitted) {
            this.admission = admission;
            this.admitted = admitted;
        }

        @Override
        public Precondition first() {
            return admitted;
        }

        @Override
        public Future<Precondition> afterConflict() {
            return ++conflicts > CONFLICTS_MAX ? Future.failedFuture(keepsChanging()) : admission.ask();
        }
    }

    /** Opens a result for reading; the caller's rights are decided before its first byte is asked for. */
    public Future<Opened> open(CacheId id, String tokenId, ByteRange range) {
        return store.get(id.value(), range)
                .recover(cause -> cause instanceof Failure.RangeNotSatisfiable
                        ? stat(id, tokenId).compose(visible -> Future.failedFuture(cause))
                        : Future.failedFuture(cause))
                .map(found -> {
                    Download download = found.orElseThrow(Failure.NotFound::new);
                    try {
                        return new Opened(EntryRules.open(Entry.of(download.stored(), now()), tokenId), download);
                    } catch (Failure refused) {
                        download.bytes().cancel();
                        throw refused;
                    }
                });
    }

    /** What is known of a result without reading it. */
    public Future<Entry.File> stat(CacheId id, String tokenId) {
        return entry(id).map(entry -> EntryRules.open(entry, tokenId));
    }

    /** Removes an entry. */
    public Future<Void> remove(CacheId id, String tokenId) {
        return entry(id).compose(entry -> {
            EntryRules.remove(entry, tokenId);
            return store.delete(id.value()).onSuccess(v -> changes.changed(id));
        });
    }

    private Future<Entry> entry(CacheId id) {
        return store.head(id.value()).map(found -> Entry.of(found, now()));
    }

    private Map<String, String> metadata(String filename, String tokenId, long lifetimeSeconds) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("expiration", Long.toString(now() + lifetimeSeconds));
        metadata.put("filename", filename);
        metadata.put("token_id", tokenId);
        return metadata;
    }

    private static Map<String, String> metadataOf(Entry entry) {
        Stored stored = switch (entry) {
            case Entry.Placeholder placeholder -> placeholder.stored();
            case Entry.File file -> file.stored();
            default -> throw new IllegalArgumentException("an entry without metadata");
        };
        Map<String, String> shown = new LinkedHashMap<>(stored.metadata());
        shown.keySet().retainAll(Set.of("expiration", "filename", "token_id"));
        return shown;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
