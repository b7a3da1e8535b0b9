package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/**
 * Objects as files below a {@link DataFolder}. A put writes a temporary file in the same file system and moves it into place
 * under a lock per key, so readers see the old object or the whole new one. Safe on any number of event loops.
 */
public final class DiskObjectStore implements ObjectStore {

    private static final Logger log = LoggerFactory.getLogger(DiskObjectStore.class);

    private final DataFolder folder;
    private final Durability durability;
    private final DigestAlgorithm digest;
    private final FileWork work;
    private final Quarantine quarantine;
    private final ObjectFiles objects;
    private final DiskListing listing;
    private final DiskUpkeep upkeep;

    /**
     * A store in a folder that this process owns, at this machine's time.
     *
     * @param fsync whether an acknowledged put survives a power cut
     */
    public DiskObjectStore(Vertx vertx, DataFolder folder, boolean fsync) {
        this(vertx, folder, fsync, InstantSource.system());
    }

    /** The same at another time. */
    public DiskObjectStore(Vertx vertx, DataFolder folder, boolean fsync, InstantSource clock) {
        this(vertx, folder, fsync ? Durability.FSYNC : Durability.LAZY, clock);
    }

    /**
     * The same with a digest of each object beside the CRC32C that it always has.
     *
     * @param digest the CRC32C for none
     */
    public DiskObjectStore(Vertx vertx, DataFolder folder, boolean fsync, InstantSource clock, DigestAlgorithm digest) {
        this(vertx, folder, fsync ? Durability.FSYNC : Durability.LAZY, clock, digest);
    }

    DiskObjectStore(Vertx vertx, DataFolder folder, Durability durability, InstantSource clock) {
        this(vertx, folder, durability, clock, DigestAlgorithm.CRC32C);
    }

    private DiskObjectStore(
            Vertx vertx, DataFolder folder, Durability durability, InstantSource clock, DigestAlgorithm digest) {
        this.folder = folder;
        this.durability = durability;
        this.digest = digest;
        this.work = new FileWork(vertx, folder.root());
        this.quarantine = folder.quarantine();
        ObjectFolders folders = new ObjectFolders(folder.entries(), quarantine, durability);
        this.objects = new ObjectFiles(folders, quarantine, durability);
        this.listing = new DiskListing(vertx, folders, objects);
        this.upkeep = new DiskUpkeep(this, work, objects, folder.fencing(), clock);
    }

    @Override
    public Upkeep upkeep() {
        return upkeep;
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        return work.begin(() -> objects.stored(key));
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return work.begin(() -> {
            Optional<ObjectFiles.Opened> opened = objects.open(key);
            return opened.isEmpty() ? Optional.empty() : Optional.of(download(opened.get(), range, etag));
        });
    }

    private Download download(ObjectFiles.Opened opened, ByteRange range, Optional<String> etag) throws IOException {
        try {
            Stored stored = opened.trailer().stored();
            if (etag.isPresent() && !etag.get().equals(stored.etag())) {
                throw new Conflict();
            }
            long length = stored.lengthBytes();
            if (!range.equals(ByteRange.ALL) && !range.satisfiable(length)) {
                throw new Failure.RangeNotSatisfiable(length);
            }
            long from = range.start(length);
            long to = range.end(length);
            ByteSource bytes = opened.trailer().content().isPresent()
                    ? ByteSource.of(objects.content(opened, (int) from, (int) to))
                    : new DiskSource(work, objects, opened, from, to);
            return new Download(stored, from, to - from, bytes);
        } catch (RuntimeException e) {
            opened.file().close();
            throw e;
        }
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        if (work.isTooMuch()) {
            body.bytes().cancel();
            return Future.failedFuture(FileWork.tooMuchWaits());
        }
        DiskWriter writer = new DiskWriter(folder.temporary(), digest);
        return open(key, body, guard)
                .compose(v -> copy(body.bytes(), writer))
                .compose(v -> writer.isHeld() ? Future.succeededFuture() : seal(key, metadata, writer))
                .compose(v -> publish(key, metadata, writer, guard))
                .recover(cause -> writer.isHeld()
                        ? Future.failedFuture(cause)
                        : discard(writer).transform(ignored -> Future.failedFuture(cause)))
                .onFailure(cause -> body.bytes().cancel());
    }

    /**
     * Who wants to be the first and is not hears of it before anything is written: a hit needs no room. Of a body that is here already
     * that is looked at together with its writing.
     */
    private Future<?> open(String key, Body body, Guard guard) {
        return guard.first() instanceof Precondition.Absent && body.inMemory().isEmpty()
                ? work.goOn(() -> objects.stored(key))
                        .compose(present -> present.isEmpty() ? Future.succeededFuture() : guard.afterConflict())
                : Future.succeededFuture();
    }

    private Future<Void> copy(ByteSource source, DiskWriter writer) {
        return Pump.run(source, chunk -> {
            if (writer.hold(Chunk.view(chunk))) {
                Chunk.release(chunk);
                return Future.succeededFuture();
            }
            return work.write(() -> {
                        writer.write(Chunk.view(chunk));
                        return chunk;
                    })
                    .onComplete(written -> Chunk.release(chunk));
        });
    }

    private Future<Stored> seal(String key, Map<String, String> metadata, DiskWriter writer) {
        return work.write(() -> writer.sealed(key, metadata, durability));
    }

    /** A short object is written and published by one piece of work: each costs two changes of thread. */
    private Future<String> publish(String key, Map<String, String> metadata, DiskWriter writer, Guard guard) {
        return guard.publish(condition -> work.write(() -> {
                    if (writer.isHeld()) {
                        objects.requireFirst(key, condition);
                    }
                    return objects.publish(writer.sealed(key, metadata, durability), writer.path(), condition);
                })
                .map(Optional::of)
                .recover(cause -> cause instanceof Conflict
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(cause)));
    }

    private Future<Boolean> discard(DiskWriter writer) {
        return work.goOn(() -> {
                    writer.discard();
                    return true;
                })
                .onFailure(DiskObjectStore::logCleanup);
    }

    @Override
    public Future<Void> delete(String key) {
        return work.begin(() -> objects.delete(key)).mapEmpty();
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return listing.page(after, limit);
    }

    /** Fails with {@code StorageFull} while the folder takes nothing new, and serves what it has. */
    @Override
    public Future<Void> prepare() {
        return work.write(() -> {
                    folder.checkWritable();
                    return folder;
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return listing.close();
    }

    /** How many damaged files were found since the start. */
    public long damaged() {
        return quarantine.found();
    }

    /** How many uses could not be noted since the start: their entries expire sooner. */
    public long usesNotNoted() {
        return upkeep.usesNotNoted();
    }

    /** What this process can still write, in bytes; not a number while the file system does not say. */
    public double freeBytes() {
        try {
            FileStore files = Files.getFileStore(folder.root());
            return files.isReadOnly() ? 0 : files.getUsableSpace();
        } catch (IOException unknown) {
            return Double.NaN;
        }
    }

    /** The size of the file system, in bytes; not a number while it does not say. */
    public double totalBytes() {
        try {
            return Files.getFileStore(folder.root()).getTotalSpace();
        } catch (IOException unknown) {
            return Double.NaN;
        }
    }

    static void logCleanup(Throwable cause) {
        log.warn("Could not clean up a file: {}", cause.toString());
    }
}
