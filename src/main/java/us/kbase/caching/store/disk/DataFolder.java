package us.kbase.caching.store.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.failure.Failure;

/**
 * The folder of a disk store: {@code format} (its version), {@code lock} (one process owns it), {@code entries} (the objects), {@code
 * damaged} (what was put aside), {@code fencing} (numbers that were given), {@code tmp} (what a crash may leave, emptied at start; 16
 * folders, since the kernel lets one thread at a time make a file in each). Blocking: not for event loops.
 */
public final class DataFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DataFolder.class);
    private static final String HEX_DIGITS = "0123456789abcdef";
    private static final int PROBE_BYTES = 4096;
    private static final FileAttribute<?>[] OWNER_ONLY = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
    private static final FileAttribute<?>[] USUAL = {};

    private final Path root;
    private final FileChannel lockFile;

    private DataFolder(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /**
     * Opens a folder and takes its lock, making it where it is missing. On a file system that is read only what is there can be
     * read, by any number of processes.
     *
     * @throws IOException with one sentence for the operator: not writable, owned by another process, of another version
     */
    public static DataFolder open(Path root) throws IOException {
        boolean readOnly = Files.isDirectory(root) && isReadOnly(root);
        if (!readOnly) {
            make(root);
        } else if (!Files.exists(root.resolve("format")) || !Files.exists(root.resolve("lock"))) {
            throw new IOException("The data folder " + root + " holds no store, and its file system is read only.");
        }
        DataFolder folder = new DataFolder(root, lock(root, readOnly));
        try {
            Format format = new Format(root);
            if (readOnly) {
                format.check();
            } else {
                format.checkOrMake();
                folder.removeLeftovers();
                FirstLayout.moveAll(
                        root.resolve("objects"),
                        new ObjectFolders(folder.entries(), folder.quarantine(), Durability.LAZY));
            }
            return folder;
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    /** Also what Linux does to a file system whose disk failed, which it goes on listing as one to write to. */
    private static boolean isReadOnly(Path root) throws IOException {
        if (FileWork.isReadOnly(root)) {
            return true;
        }
        try {
            FileChannel.open(root.resolve("format"), StandardOpenOption.WRITE).close();
            return false;
        } catch (IOException e) {
            return FileWork.named(e) instanceof Failure.StorageFull;
        }
    }

    private static void make(Path root) throws IOException {
        try {
            makeLasting(root);
            Files.createDirectories(root.resolve("entries"));
            for (Path one : temporaryFolders(root).toList()) {
                Files.createDirectories(one);
            }
        } catch (IOException e) {
            throw new IOException("The data folder " + root + " cannot be written: " + e, e);
        }
        if (!Files.isWritable(root) || !temporaryFolders(root).allMatch(Files::isWritable)) {
            throw new IOException("The data folder " + root + " is not writable for this user.");
        }
    }

    /** For its owner alone, and each new folder above it known to the disk. */
    private static void makeLasting(Path root) throws IOException {
        Path whole = root.toAbsolutePath();
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = whole; path != null && !Files.isDirectory(path); path = path.getParent()) {
            missing.push(path);
        }
        for (Path path : missing) {
            try {
                Files.createDirectory(path, path.equals(whole) ? OWNER_ONLY : USUAL);
            } catch (FileAlreadyExistsException other) {
                if (!Files.isDirectory(path)) {
                    throw other;
                }
            }
            Durability.FSYNC.keep(path.resolveSibling(".").normalize());
        }
    }

    /** Tells whether there is a store in a folder; changes nothing. */
    public static boolean isStore(Path root) {
        return Files.isRegularFile(root.resolve("format"));
    }

    /** Tells whether a process owns a store now; changes nothing. */
    public static boolean isOwned(Path root) throws IOException {
        try (FileChannel lockFile = FileChannel.open(root.resolve("lock"), StandardOpenOption.WRITE)) {
            return !isLocked(lockFile, false);
        } catch (NoSuchFileException never) {
            return false;
        }
    }

    private static FileChannel lock(Path root, boolean shared) throws IOException {
        Path path = root.resolve("lock");
        FileChannel file = shared
                ? FileChannel.open(path, StandardOpenOption.READ)
                : FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(file, shared)) {
            file.close();
            throw new IOException("The data folder " + root + " is in use by another caching-service; stop it first.");
        }
        return file;
    }

    private static boolean isLocked(FileChannel file, boolean shared) throws IOException {
        try {
            FileLock lock = file.tryLock(0, Long.MAX_VALUE, shared);
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    private static Stream<Path> temporaryFolders(Path root) {
        return HEX_DIGITS.chars().mapToObj(digit -> root.resolve("tmp").resolve(Character.toString(digit)));
    }

    private void removeLeftovers() throws IOException {
        for (Path one : temporaryFolders(root).toList()) {
            try (Stream<Path> leftovers = Files.list(one)) {
                for (Path path : leftovers.toList()) {
                    removeLeftover(path);
                }
            }
        }
    }

    /** What cannot be removed is in nobody's way. */
    private static void removeLeftover(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            log.warn("A file that an earlier run left could not be removed: {}", e.toString());
        }
    }

    Path entries() {
        return root.resolve("entries");
    }

    FencingMark fencing() {
        return new FencingMark(root.resolve("fencing"));
    }

    Quarantine quarantine() {
        return new Quarantine(root.resolve("damaged"));
    }

    Path temporary() {
        String name = UUID.randomUUID().toString();
        return root.resolve("tmp").resolve(name.substring(0, 1)).resolve(name);
    }

    /** Fails where nothing new can be kept, also for want of room. */
    void checkWritable() throws IOException {
        Path probe = temporary();
        try {
            try (FileChannel file = FileChannel.open(probe, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ObjectFile.writeFully(file, ByteBuffer.allocate(PROBE_BYTES));
            }
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** The folder itself. */
    public Path root() {
        return root;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
