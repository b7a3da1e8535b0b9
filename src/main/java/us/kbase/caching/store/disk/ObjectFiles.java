package us.kbase.caching.store.disk;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.UnreadableObject;

/**
 * The files of objects, changed under a lock for each key. What lies in an object's place and is no whole object is put into
 * quarantine and is absent for every call, so that it stops neither its own key nor a neighbour. Blocking: worker threads only.
 */
final class ObjectFiles {

    private static final int LOCK_STRIPES = 256;
    private static final int DAMAGED_VERSIONS_MAX = 1000;

    private final ObjectFolders folders;
    private final Quarantine quarantine;
    private final Durability durability;

    /** ETags of those whose content was found to be wrong, which their trailers do not show, and which could not be put aside. */
    private final Set<String> damagedVersions = ConcurrentHashMap.newKeySet();

    private final ReentrantLock[] locks =
            IntStream.range(0, LOCK_STRIPES).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    ObjectFiles(ObjectFolders folders, Quarantine quarantine, Durability durability) {
        this.folders = folders;
        this.quarantine = quarantine;
        this.durability = durability;
    }

    /** An object's open file, which whoever gets it closes. */
    record Opened(FileChannel file, ObjectFile.Trailer trailer) {}

    /** What is known of an object, if there is one. */
    Optional<Stored> stored(String key) throws IOException {
        Optional<Opened> opened = open(key);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (FileChannel file = opened.get().file()) {
            return Optional.of(opened.get().trailer().stored());
        }
    }

    /** Opens an object, if there is one. */
    Optional<Opened> open(String key) throws IOException {
        if (!ObjectFolders.isKey(key)) {
            return Optional.empty();
        }
        try {
            return checked(key);
        } catch (DamagedFile | AccessDeniedException suspect) {
            return locked(key, () -> checkedOrAside(key)); // it may have been replaced meanwhile
        }
    }

    private Optional<Opened> checkedOrAside(String key) throws IOException {
        try {
            return checked(key);
        } catch (DamagedFile damaged) {
            quarantine.take(folders.file(key), damaged.how());
            return Optional.empty();
        } catch (AccessDeniedException unreadable) {
            if (quarantine.take(folders.file(key), "it may not be read")) {
                return Optional.empty();
            }
            throw unreadable; // the folder, it seems: that says nothing about the object
        }
    }

    private Optional<Opened> checked(String key) throws IOException {
        Path path = folders.file(key);
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                throw new DamagedFile("no regular file"); // opening a pipe would wait for a writer
            }
            return Optional.of(trailed(FileChannel.open(path, StandardOpenOption.READ), key));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (AccessDeniedException unreadable) {
            throw unreadable;
        } catch (FileSystemException e) {
            if (Files.isSymbolicLink(path)) {
                throw new DamagedFile("a symbolic link that leads nowhere");
            }
            if (Files.isRegularFile(folders.folder(key))) {
                return Optional.empty(); // no file lies below a file; whoever publishes makes the folder
            }
            throw e;
        }
    }

    private Opened trailed(FileChannel file, String key) throws IOException {
        try {
            ObjectFile.Trailer trailer = ObjectFile.readTrailer(file, key);
            if (damagedVersions.contains(trailer.stored().etag())) {
                throw new DamagedFile("a reader found its content wrong");
            }
            return new Opened(file, trailer);
        } catch (DamagedFile | RuntimeException e) {
            file.close();
            throw e;
        } catch (IOException e) { // of the disk, below this file
            file.close();
            throw new UnreadableObject(key, e);
        }
    }

    /** Bytes of a short object whose content came with its trailer. Closes the file. */
    Buffer content(Opened opened, int from, int to) throws IOException {
        opened.file().close();
        ByteBuffer content = opened.trailer().content().orElseThrow();
        boolean right = content.limit() == 0
                || ObjectFile.crc(content.duplicate()) == opened.trailer().blockChecksums()[0];
        if (!right) {
            damaged(opened.trailer().stored(), DiskSource.wrongBlock(0).how());
            throw new Failure.NotFound();
        }
        byte[] bytes = new byte[to - from];
        content.get(from, bytes);
        return Buffer.buffer(bytes);
    }

    /** A reader found wrong bytes in this version of an object. */
    void damaged(Stored version, String how) {
        try {
            locked(version.key(), () -> isVersion(version.key(), version.etag()) && isSetAside(version, how));
        } catch (IOException e) {
            // What can be said of it now is a fault of the disk; the next reader meets it again.
            DiskObjectStore.logCleanup(e);
        }
    }

    /** How what lay under a key was found damaged, if it was. */
    Optional<String> foundDamaged(String key) {
        return ObjectFolders.isKey(key) ? quarantine.how(folders.file(key)) : Optional.empty();
    }

    private boolean isSetAside(Stored version, String how) {
        boolean aside = quarantine.take(folders.file(version.key()), how);
        if (!aside && damagedVersions.size() < DAMAGED_VERSIONS_MAX) {
            damagedVersions.add(version.etag());
        }
        return aside;
    }

    /** Whether an object is this version. */
    boolean isVersion(String key, String etag) throws IOException {
        return stored(key).filter(found -> found.etag().equals(etag)).isPresent();
    }

    /**
     * Moves a written file into its object's place if the condition holds, and makes it last. When only the latter fails nobody
     * knows whether a power cut would undo it, and the failure says so.
     */
    String publish(Stored stored, Path written, Precondition condition) throws IOException {
        String key = stored.key();
        if (!ObjectFolders.isKey(key)) {
            throw new IllegalArgumentException("no key of an object: " + key);
        }
        return locked(key, () -> {
            require(key, condition);
            folders.make(key);
            moveIntoPlace(written, key);
            quarantine.forget(folders.file(key));
            confirm(key);
            return stored.etag();
        });
    }

    private void moveIntoPlace(Path written, String key) throws IOException {
        try {
            move(written, folders.file(key));
        } catch (FileSystemException e) {
            if (!folders.makeAgain(key)) {
                throw e;
            }
            move(written, folders.file(key));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Fails with {@link Conflict} where a condition does not hold now, before there is anything to publish under it. */
    void requireFirst(String key, Precondition condition) throws IOException {
        if (condition instanceof Precondition.Absent) {
            require(key, condition);
        }
    }

    private void require(String key, Precondition condition) throws IOException {
        @Nullable String present = stored(key).map(Stored::etag).orElse(null);
        boolean holds = switch (condition) {
            case Precondition.Absent absent -> present == null;
            case Precondition.Matches matches -> matches.etag().equals(present);
        };
        if (!holds) {
            throw new Conflict();
        }
    }

    private void confirm(String key) {
        try {
            durability.keep(folders.folder(key));
        } catch (IOException e) {
            throw new Failure.Upstream("The disk did not confirm the write: whether it lasts is unknown", e);
        }
    }

    /** Removes an object; whether there was one. */
    boolean delete(String key) throws IOException {
        // Not between a put's look and its move. What is damaged goes aside and not away.
        return ObjectFolders.isKey(key) && locked(key, () -> stored(key).isPresent() && removed(key));
    }

    /** Removes an object if it is this version; whether it did. */
    boolean deleteIf(String key, String etag) throws IOException {
        return locked(key, () -> isVersion(key, etag) && removed(key));
    }

    private boolean removed(String key) throws IOException {
        boolean removed = Files.deleteIfExists(folders.file(key));
        quarantine.forget(folders.file(key));
        return removed;
    }

    /** When an object was written or last used; nothing where there is none. */
    Optional<Instant> modified(String key) throws IOException {
        Path path = folders.file(key);
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            return file.isRegularFile() ? Optional.of(file.lastModifiedTime().toInstant()) : Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (Files.isSymbolicLink(path)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Sets when an object was last used; nothing is done where there is none. */
    void used(String key, Instant time) throws IOException {
        try {
            Files.setLastModifiedTime(folders.file(key), FileTime.from(time));
        } catch (NoSuchFileException gone) {
            // replaced or removed since it was used: nothing to note
        }
    }

    @CanIgnoreReturnValue
    private <T> T locked(String key, FileWork.Work<T> work) throws IOException {
        ReentrantLock lock = locks[Math.floorMod(key.hashCode(), LOCK_STRIPES)];
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}
