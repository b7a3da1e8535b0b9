package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final int LOCK_STRIPES = 256;

    /** File work that waits or runs, of all event loops; a few hundred bytes of heap each. */
    static final int BEGUN_MAX = 4096;

    private final Vertx vertx;
    private final DataFolder folder;
    private final boolean fsync;
    private final DiskUpkeep upkeep;
    private final DiskListing listing;
    private final AtomicInteger begun = new AtomicInteger();
    private final ReentrantLock[] locks =
            IntStream.range(0, LOCK_STRIPES).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    /**
     * A store in a folder that this process owns.
     *
     * @param fsync whether an acknowledged put survives a power cut
     */
    public DiskObjectStore(Vertx vertx, DataFolder folder, boolean fsync) {
        this.vertx = vertx;
        this.folder = folder;
        this.fsync = fsync;
        this.listing = new DiskListing(vertx, folder, DiskListing.KEYS_MAX);
        this.upkeep = new DiskUpkeep(this, folder, InstantSource.system());
    }

    @Override
    public Upkeep upkeep() {
        return upkeep;
    }

    /** File work. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** File work that begins something; {@code Busy} while a disk that stands still keeps too much of it waiting. */
    <T> Future<T> blocking(Work<T> work) {
        if (begun.incrementAndGet() > BEGUN_MAX) {
            begun.decrementAndGet();
            return Future.failedFuture(tooMuchWaits());
        }
        return goOn(work).onComplete(done -> begun.decrementAndGet());
    }

    private static Failure tooMuchWaits() {
        return new Failure.Busy("The disk does not keep up; try again later");
    }

    /** File work of something that has begun: each transfer has one such at a time, so it needs no bound of its own. */
    private <T> Future<T> goOn(Work<T> work) {
        return Blocking.<T>run(vertx, work::run).recover(DiskObjectStore::named);
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        return blocking(() -> stored(key));
    }

    private Optional<Stored> stored(String key) throws IOException {
        try (FileChannel file = FileChannel.open(folder.object(key), StandardOpenOption.READ)) {
            return Optional.of(ObjectFile.readTrailer(file).stored());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return blocking(() -> open(key, range, etag));
    }

    private Optional<Download> open(String key, ByteRange range, Optional<String> etag) throws IOException {
        FileChannel file;
        try {
            file = FileChannel.open(folder.object(key), StandardOpenOption.READ);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
        try {
            ObjectFile.Trailer trailer = ObjectFile.readTrailer(file);
            if (etag.isPresent() && !etag.get().equals(trailer.stored().etag())) {
                throw new Conflict();
            }
            long length = trailer.stored().lengthBytes();
            if (!range.equals(ByteRange.ALL) && !range.satisfiable(length)) {
                throw new Failure.RangeNotSatisfiable(length);
            }
            long from = range.start(length);
            long to = range.end(length);
            ByteSource bytes = new DiskSource(vertx, file, trailer, from, to);
            return Optional.of(new Download(trailer.stored(), from, to - from, bytes));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        if (begun.get() >= BEGUN_MAX) {
            body.bytes().cancel();
            return Future.failedFuture(tooMuchWaits());
        }
        DiskWriter writer = new DiskWriter(folder.temporary());
        return copy(body.bytes(), writer)
                .compose(v -> seal(key, metadata, writer))
                .compose(stored -> guard.atPublish().compose(first -> publish(stored, writer, guard, first)))
                .recover(cause -> discard(writer).transform(ignored -> Future.failedFuture(cause)))
                .onFailure(cause -> body.bytes().cancel());
    }

    private Future<Void> copy(ByteSource source, DiskWriter writer) {
        return Pump.run(
                source,
                chunk -> goOn(() -> {
                            writer.write(Chunk.view(chunk));
                            return chunk;
                        })
                        .onComplete(written -> Chunk.release(chunk)));
    }

    private Future<Stored> seal(String key, Map<String, String> metadata, DiskWriter writer) {
        Stored stored = new Stored(key, "\"" + UUID.randomUUID() + "\"", writer.length(), metadata);
        return goOn(() -> {
            writer.finish(stored, fsync);
            return stored;
        });
    }

    private Future<String> publish(Stored stored, DiskWriter writer, Guard guard, Precondition condition) {
        return goOn(() -> moveIf(stored, writer.path(), condition))
                .recover(cause -> cause instanceof Conflict
                        ? guard.afterConflict().compose(next -> publish(stored, writer, guard, next))
                        : Future.failedFuture(cause));
    }

    private String moveIf(Stored stored, Path written, Precondition condition) throws IOException {
        ReentrantLock lock = lock(stored.key());
        lock.lock();
        try {
            @Nullable String present = stored(stored.key()).map(Stored::etag).orElse(null);
            boolean holds = switch (condition) {
                case Precondition.Absent absent -> present == null;
                case Precondition.Matches matches -> matches.etag().equals(present);
            };
            if (!holds) {
                throw new Conflict();
            }
            Path target = folder.object(stored.key());
            Path parent = folder.parent(target);
            Files.createDirectories(parent);
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            listing.published(stored.key());
            folder.sync(parent, fsync);
            return stored.etag();
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(String key) {
        return locks[Math.floorMod(key.hashCode(), LOCK_STRIPES)];
    }

    private Future<Boolean> discard(DiskWriter writer) {
        return goOn(() -> {
                    writer.discard();
                    return true;
                })
                .onFailure(DiskObjectStore::logCleanup);
    }

    @Override
    public Future<Void> delete(String key) {
        return blocking(() -> {
                    ReentrantLock lock = lock(key); // not between a put's look and its move
                    lock.lock();
                    try {
                        return removed(key);
                    } finally {
                        lock.unlock();
                    }
                })
                .mapEmpty();
    }

    /** Removes an object if it is this version; whether it did. */
    Future<Boolean> deleteIf(String key, String etag) {
        return blocking(() -> {
            ReentrantLock lock = lock(key);
            lock.lock();
            try {
                boolean same =
                        stored(key).filter(found -> found.etag().equals(etag)).isPresent();
                return same && removed(key);
            } finally {
                lock.unlock();
            }
        });
    }

    private boolean removed(String key) throws IOException {
        boolean existed = Files.deleteIfExists(folder.object(key));
        listing.removed(key);
        return existed;
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return listing.page(after, limit).recover(DiskObjectStore::named);
    }

    @Override
    public Future<Void> prepare() {
        return blocking(() -> {
                    folder.checkWritable();
                    return folder;
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return listing.close();
    }

    static void logCleanup(Throwable cause) {
        log.warn("Could not clean up a file: {}", cause.toString());
    }

    static <T> Future<T> named(Throwable cause) {
        if (cause instanceof IOException io) {
            String text = String.valueOf(io.getMessage());
            return text.contains("No space left")
                    ? Future.failedFuture(new Failure.StorageFull(io))
                    : Future.failedFuture(new Failure.Upstream("The disk store failed", io));
        }
        return Future.failedFuture(cause);
    }
}
