package us.kbase.caching.cache;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import us.kbase.caching.cache.filename.SecureFilename;
import us.kbase.caching.cache.filename.SentName;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.digest.CheckedDownload;
import us.kbase.caching.digest.ClaimedDigests;
import us.kbase.caching.digest.DamagedDownloads;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.ResumedDownload;
import us.kbase.caching.store.Stored;
import us.kbase.caching.tally.ResultTally;

/** Carries out what {@link EntryRules} decide; when the store says that an entry changed, reads it and asks again. */
public final class CacheService {

    private final Vertx vertx;
    private final ObjectStore store;
    private final InstantSource clock;
    private final EntryReader entries;
    private final PlaceholderWriter revival;
    private final Node node;
    private final QuietTime quiet;
    private final ConditionalRemoval conditional;

    /**
     * What all loops of a node share.
     *
     * @param changes hears of what is published and removed
     * @param written spares an upload the look at what the node has just written
     * @param damaged hears of results whose bytes are not those of their upload
     * @param tally hears of what is found, missed and published
     */
    public record Node(
            Lifetimes lifetimes,
            LastUse lastUse,
            Changes changes,
            OwnPlaceholders written,
            DamagedDownloads damaged,
            ResultTally tally) {
        /** A node that has written nothing yet. */
        public Node(Lifetimes lifetimes, LastUse lastUse, Changes changes) {
            this(lifetimes, lastUse, changes, new OwnPlaceholders());
        }

        /** The same with what it has written. */
        public Node(Lifetimes lifetimes, LastUse lastUse, Changes changes, OwnPlaceholders written) {
            this(lifetimes, lastUse, changes, written, new DamagedDownloads(), new ResultTally());
        }
    }

    /**
     * A service on a store, on that store's event loop.
     *
     * @param clock the store's time
     */
    public CacheService(Vertx vertx, ObjectStore store, InstantSource clock, Node node) {
        this.vertx = vertx;
        this.store = store;
        this.clock = clock;
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
     * @param claimed what its client says of the file's digests; it is published only if that holds
     * @param compute how long its job took, if the client says so
     */
    public record Upload(
            String filename,
            Optional<String> contentType,
            int days,
            Body body,
            ClaimedDigests claimed,
            ComputeTime compute) {
        /** A result of the type that its name tells. */
        public Upload(String filename, int days, Body body) {
            this(filename, Optional.empty(), days, body, ClaimedDigests.NONE, ComputeTime.UNKNOWN);
        }

        /** The same that must have these digests. */
        public Upload claiming(ClaimedDigests digests) {
            return new Upload(filename, contentType, days, body, digests, compute);
        }

        /** The same, which took its job so long. */
        public Upload computedIn(ComputeTime time) {
            return new Upload(filename, contentType, days, body, claimed, time);
        }
    }

    /** A file that the caller may read. */
    public record Opened(Entry.File file, Download download) {}

    /**
     * Makes the id's placeholder, or finds what is there; gives the entry's three metadata.
     *
     * @param gone completes when the client has left: then a tombstone in the way is waited for no longer
     */
    public Future<Map<String, String>> reserve(CacheId id, String tokenId, Future<?> gone) {
        return revival.create(id, tokenId)
                .onSuccess(created -> node.written().wrote(id, tokenId, created.etag(), clock.instant()))
                .map(PlaceholderWriter.Created::metadata)
                .recover(cause -> cause instanceof Conflict
                        ? ConflictRetry.whileConflict(
                                () -> entries.read(id).compose(entry -> known(id, tokenId, entry, gone)))
                        : Future.failedFuture(cause));
    }

    private Future<Map<String, String>> known(CacheId id, String tokenId, Entry entry, Future<?> gone) {
        return switch (EntryRules.reserve(entry, tokenId)) {
            case EntryRules.Reservation.Known known ->
                Future.succeededFuture(EntryView.of(id, known.entry()).metadata());
            case EntryRules.Reservation.Revive revive ->
                revival.living(id, tokenId, entry, gone).compose(anew());
        };
    }

    /**
     * Admits an upload under this id, or refuses it; takes up to 13 s where a result expired and was replaced just now.
     *
     * @param bodyBytes how long its body is; less than 0 when that is not known
     * @param check what the caller demands of the result that is there
     * @param gone completes when the client has left: then nothing is waited for any longer
     */
    public Future<Admission> admit(CacheId id, String tokenId, long bodyBytes, ResultCheck check, Future<?> gone) {
        Admission.Upload upload = new Admission.Upload(id, tokenId, Map.of());
        Admission.Rules rules = () -> ConflictRetry.whileConflict(
                () -> entries.read(id).compose(entry -> condition(id, tokenId, check, entry, gone)));
        Optional<String> written = check == ResultCheck.NONE
                ? node.written().etag(id, tokenId, bodyBytes, clock.instant())
                : Optional.empty();
        return written.map(etag -> Future.succeededFuture(Admission.onto(etag, upload, clock, rules)))
                .orElseGet(() -> Admission.ask(upload, clock, rules));
    }

    private Future<Precondition> condition(CacheId id, String tokenId, ResultCheck check, Entry entry, Future<?> gone) {
        EntryRules.Publication publication = EntryRules.publish(entry, tokenId);
        check.check(entry.result());
        return switch (publication) {
            case EntryRules.Publication.OntoFile onto ->
                Future.succeededFuture(Entry.unchanged(onto.file().stored()));
            case EntryRules.Publication.OntoPlaceholder onto ->
                quiet.over(onto.placeholder().stored(), gone)
                        .map(Entry.unchanged(onto.placeholder().stored()));
            case EntryRules.Publication.Revive revive ->
                revival.living(id, tokenId, entry, gone).compose(anew());
        };
    }

    /** What was made is judged as if another had made it: the entry is read, and the rules decide. */
    private static <T> Function<Entry, Future<T>> anew() {
        return living -> Future.failedFuture(new Conflict());
    }

    /**
     * Publishes a result under the id for which it was admitted. The last of concurrent uploads wins, whole. Fails with {@code BadInput}
     * where the bytes do not have the digests that are claimed, and with {@code Upstream} where the store kept other bytes than were sent:
     * a placeholder takes their place then.
     */
    public Future<Void> store(Admission admission, Upload upload) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("expiration", Long.toString(entries.now() + upload.days() * EntryMetadata.DAY_SECONDS));
        metadata.put("filename", SecureFilename.of(upload.filename()));
        metadata.put("token_id", admission.upload().tokenId());
        metadata.put(EntryMetadata.IDLE_DAYS, Integer.toString(upload.days()));
        upload.contentType().ifPresent(type -> metadata.put(EntryMetadata.CONTENT_TYPE, type));
        upload.compute().add(metadata);
        EntryMetadata.hashes(metadata, upload.claimed());
        metadata.putAll(admission.upload().marks());
        SentName.add(metadata, upload.filename());
        CacheId id = admission.upload().id();
        node.written().forget(id);
        return store.put(id.value(), upload.body().through(upload.claimed()::checking), metadata, admission)
                .recover(cause -> revival.takenBack(id, admission.upload().tokenId(), cause))
                .onSuccess(etag -> node.tally().published())
                .onSuccess(etag -> node.changes().changed(id))
                .mapEmpty();
    }

    /** Opens a result for reading; the caller's rights are decided before its first byte is asked for. */
    public Future<Opened> open(CacheId id, String tokenId, ByteRange range) {
        return ConflictRetry.whileConflict(() -> open(id, tokenId, range, Optional.empty()));
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
                            .map(entry -> new Opened(EntryRules.open(entry, tokenId), checked(resumed(download))))
                            .onFailure(refused -> download.bytes().cancel());
                });
    }

    private Download resumed(Download opened) {
        return opened.withBytes(new ResumedDownload(vertx, store, opened, ResumedDownload.HELD));
    }

    /** Of a range nothing is known but what the store itself checks. */
    private Download checked(Download opened) {
        Stored stored = opened.stored();
        return stored.digests().stream()
                .filter(known -> opened.isWhole())
                .findFirst()
                .map(expected -> opened.withBytes(new CheckedDownload(
                        opened.bytes(),
                        stored.lengthBytes(),
                        expected,
                        found -> node.damaged().told(stored.key(), expected, found))))
                .orElse(opened);
    }

    /** Notes that a result was downloaded to its end, which renews it; ends well also when that could not be noted. */
    public Future<Void> downloaded(Entry.File file) {
        return node.lastUse().downloaded(store, file, entries.now());
    }

    /** What is known of a result without reading it. */
    public Future<Entry.File> stat(CacheId id, String tokenId) {
        return entries.read(id).map(entry -> EntryRules.open(entry, tokenId));
    }

    /** What is known of an entry, also while it has no file. */
    public Future<EntryView> describe(CacheId id, Requester requester) {
        return entries.read(id).map(entry -> EntryView.of(id, EntryRules.describe(entry, requester)));
    }

    /**
     * Removes an entry; takes up to 13 s where a result expired and was replaced just now.
     *
     * @param check what the requester demands of the result that is there
     * @param gone completes when the client has left: what was not removed until then stays
     */
    public Future<Void> remove(CacheId id, Requester requester, ResultCheck check, Future<?> gone) {
        node.written().forget(id);
        Future<Void> removed = check == ResultCheck.NONE
                ? remove(id, requester, gone)
                : conditional.remove(id, requester, check, gone);
        return removed.onSuccess(v -> node.changes().changed(id));
    }

    private Future<Void> remove(CacheId id, Requester requester, Future<?> gone) {
        return entries.read(id).compose(entry -> {
            // Without its placeholder nobody would know that strikes at the result before it may still be on their way.
            Future<Void> harmless = EntryRules.remove(entry, requester) instanceof Entry.Placeholder placeholder
                    ? quiet.over(placeholder.stored(), gone)
                    : Future.succeededFuture();
            return harmless.compose(v -> store.delete(id.value()));
        });
    }

    /** One page of living entries. */
    public Future<Listing.Found> list(Listing.Query query) {
        return new Listing(store, entries).page(query);
    }

    /** Hears of what downloads find and miss. */
    public ResultTally tally() {
        return node.tally();
    }

    /** How long entries live here. */
    public Lifetimes lifetimes() {
        return node.lifetimes();
    }
}
