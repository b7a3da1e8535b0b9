package us.kbase.caching.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.ResumedDownload;
import us.kbase.caching.store.Stored;

/** Carries out what {@link EntryRules} decide; when the store says that an entry changed, reads it and asks again. */
public final class CacheService {

    private static final int CONFLICTS_MAX = 16;

    /** A condition this old may name an entry that expired meanwhile, and a sweep strikes two hours after that. */
    private static final long CONDITION_FRESH_SECONDS = 30;

    private final Vertx vertx;
    private final ObjectStore store;
    private final EntryReader entries;
    private final PlaceholderWriter revival;
    private final Node node;
    private final QuietTime quiet;
    private final ConditionalRemoval conditional;

    /**
     * What all loops of a node share.
     *
     * @param lifetimes how long entries live
     * @param changes hears of what is published and removed
     */
    public record Node(Lifetimes lifetimes, LastUse lastUse, Changes changes) {}

    /**
     * A service on a store, on that store's event loop.
     *
     * @param clock the store's time
     */
    public CacheService(Vertx vertx, ObjectStore store, InstantSource clock, Node node) {
        this.vertx = vertx;
        this.store = store;
        this.entries = new EntryReader(store, clock);
        this.revival = new PlaceholderWriter(vertx, store, entries, node.lifetimes());
        this.node = node;
        this.quiet = new QuietTime(vertx, clock);
        this.conditional = new ConditionalRemoval(store, entries, quiet);
    }

    /**
     * A result to publish.
     *
     * @param filename as the client sent it
     * @param contentType the media type that the client named; nothing for the one that the name tells
     * @param days how long it lives after its last use
     */
    public record Upload(String filename, Optional<String> contentType, int days, Body body) {
        /** A result of the type that its name tells. */
        public Upload(String filename, int days, Body body) {
            this(filename, Optional.empty(), days, body);
        }
    }

    /** A file that the caller may read. */
    public record Opened(Entry.File file, Download download) {}

    /** Makes the id's placeholder, or finds what is there; gives the entry's three metadata. */
    public Future<Map<String, String>> reserve(CacheId id, String tokenId) {
        return reserve(id, tokenId, Promise.promise().future());
    }

    /**
     * The same for a client that may leave.
     *
     * @param gone completes when the client has left: then a tombstone in the way is waited for no longer
     */
    public Future<Map<String, String>> reserve(CacheId id, String tokenId, Future<?> gone) {
        return revival.create(id, tokenId)
                .recover(cause -> cause instanceof Conflict
                        ? entries.read(id).compose(entry -> known(id, tokenId, entry, gone))
                        : Future.failedFuture(cause));
    }

    private Future<Map<String, String>> known(CacheId id, String tokenId, Entry entry, Future<?> gone) {
        AtomicReference<Entry> now = new AtomicReference<>(entry);
        return Steps.until(() -> switch (EntryRules.reserve(now.get(), tokenId)) {
            case EntryRules.Reservation.Known known ->
                Future.succeededFuture(
                        Optional.of(EntryView.of(id, known.entry()).metadata()));
            case EntryRules.Reservation.Revive revive ->
                revival.living(id, tokenId, now.get(), gone).map(living -> {
                    now.set(living);
                    return Optional.empty();
                });
        });
    }

    /** Whether the caller may upload under this id; takes up to 13 s where a result expired and was replaced just now. */
    public Admission admission(CacheId id, String tokenId) {
        return admission(id, tokenId, ResultCheck.NONE);
    }

    /** The same for a caller who demands something of the result that is there. */
    public Admission admission(CacheId id, String tokenId, ResultCheck check) {
        return () -> entries.read(id).compose(entry -> admit(id, tokenId, check, entry));
    }

    private Future<Precondition> admit(CacheId id, String tokenId, ResultCheck check, Entry entry) {
        AtomicReference<Entry> now = new AtomicReference<>(entry);
        return Steps.until(() -> {
            EntryRules.Publication publication = EntryRules.publish(now.get(), tokenId);
            check.check(now.get().result());
            return switch (publication) {
                case EntryRules.Publication.OntoFile onto ->
                    Future.succeededFuture(admitted(onto.file().stored()));
                case EntryRules.Publication.OntoPlaceholder onto ->
                    quiet.over(onto.placeholder().stored())
                            .map(admitted(onto.placeholder().stored()));
                case EntryRules.Publication.Revive revive ->
                    revival.living(id, tokenId, now.get(), Promise.promise().future())
                            .map(living -> {
                                now.set(living);
                                return Optional.empty();
                            });
            };
        });
    }

    private static Optional<Precondition> admitted(Stored seen) {
        return Optional.of(new Precondition.Matches(seen.etag()));
    }

    /**
     * Publishes a result under an id that was admitted. The last of concurrent uploads wins, whole.
     *
     * @param admitted what the admission said before the body was read
     */
    public Future<Void> store(CacheId id, String tokenId, Admission admission, Precondition admitted, Upload upload) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("expiration", Long.toString(entries.now() + upload.days() * EntryMetadata.DAY_SECONDS));
        metadata.put("filename", SecureFilename.of(upload.filename()));
        metadata.put("token_id", tokenId);
        metadata.put(EntryMetadata.IDLE_DAYS, Integer.toString(upload.days()));
        upload.contentType().ifPresent(type -> metadata.put(EntryMetadata.CONTENT_TYPE, type));
        SentName.add(metadata, upload.filename());
        return store.put(id.value(), upload.body(), metadata, new PublishGuard(admission, admitted))
                .onSuccess(etag -> node.changes().changed(id))
                .mapEmpty();
    }

    private final class PublishGuard implements Guard {
        private final Admission admission;
        private final Precondition admitted;
        private final long admittedAt;
        private int conflicts;

        PublishGuard(Admission admission, Precondition admitted) {
            this.admission = admission;
            this.admitted = admitted;
            this.admittedAt = entries.now();
        }

        @Override
        public Precondition first() {
            return admitted;
        }

        @Override
        public Future<Precondition> atPublish() {
            return entries.now() - admittedAt <= CONDITION_FRESH_SECONDS
                    ? Future.succeededFuture(admitted)
                    : admission.ask();
        }

        @Override
        public Future<Precondition> afterConflict() {
            return ++conflicts > CONFLICTS_MAX
                    ? Future.failedFuture(new Failure.Busy("The entry keeps changing; try again"))
                    : admission.ask();
        }
    }

    /** Opens a result for reading; the caller's rights are decided before its first byte is asked for. */
    public Future<Opened> open(CacheId id, String tokenId, ByteRange range) {
        return open(id, tokenId, range, Optional.empty());
    }

    /** The same of one version: fails with {@link Conflict} if the entry is another one by now. */
    public Future<Opened> open(CacheId id, String tokenId, ByteRange range, Optional<String> etag) {
        return store.get(id.value(), range, etag)
                .recover(cause -> cause instanceof Failure.RangeNotSatisfiable
                        ? stat(id, tokenId).compose(visible -> Future.failedFuture(cause))
                        : Future.failedFuture(cause))
                .compose(found -> {
                    Download download = found.orElseThrow(Failure.NotFound::new);
                    return entries.of(Optional.of(download.stored()))
                            .map(entry -> new Opened(EntryRules.open(entry, tokenId), resumed(download)))
                            .onFailure(refused -> download.bytes().cancel());
                });
    }

    private Download resumed(Download opened) {
        return new Download(
                opened.stored(),
                opened.startBytes(),
                opened.lengthBytes(),
                new ResumedDownload(vertx, store, opened, ResumedDownload.HELD));
    }

    /** Notes that a result was downloaded to its end, which renews it; ends well also when that could not be noted. */
    public Future<Void> downloaded(CacheId id) {
        return node.lastUse().downloaded(store, id, entries.now());
    }

    /** What is known of a result without reading it. */
    public Future<Entry.File> stat(CacheId id, String tokenId) {
        return entries.read(id).map(entry -> EntryRules.open(entry, tokenId));
    }

    /** What is known of the caller's entry, also while it has no file. */
    public Future<EntryView> describe(CacheId id, String tokenId) {
        return entries.read(id).map(entry -> {
            EntryRules.remove(entry, tokenId);
            return EntryView.of(id, entry);
        });
    }

    /** What is known of anybody's entry. */
    public Future<EntryView> describeAny(CacheId id) {
        return entries.read(id).compose(entry -> describe(id, EntryRules.ownerOf(entry)));
    }

    /** Removes an entry; takes up to 13 s where a result expired and was replaced just now. */
    public Future<Void> remove(CacheId id, String tokenId) {
        return entries.read(id).compose(entry -> {
            EntryRules.remove(entry, tokenId);
            // Without its placeholder nobody would know that strikes at the result before it may still be on their way.
            Future<Void> harmless = entry instanceof Entry.Placeholder placeholder
                    ? quiet.over(placeholder.stored())
                    : Future.succeededFuture();
            return harmless.compose(v -> store.delete(id.value()))
                    .onSuccess(v -> node.changes().changed(id));
        });
    }

    /** Removes anybody's entry. */
    public Future<Void> removeAny(CacheId id) {
        return entries.read(id).compose(entry -> remove(id, EntryRules.ownerOf(entry)));
    }

    /** Removes an entry of whose result the caller demands something. */
    public Future<Void> removeIf(CacheId id, String tokenId, ResultCheck check) {
        return conditional
                .remove(id, tokenId, check)
                .onSuccess(v -> node.changes().changed(id));
    }

    /** The same of anybody's entry. */
    public Future<Void> removeAnyIf(CacheId id, ResultCheck check) {
        return entries.read(id).compose(entry -> removeIf(id, EntryRules.ownerOf(entry), check));
    }

    /** One page of living entries. */
    public Future<Listing.Found> list(Listing.Query query) {
        return new Listing(store, entries).page(query);
    }

    /** How long entries live here. */
    public Lifetimes lifetimes() {
        return node.lifetimes();
    }
}
