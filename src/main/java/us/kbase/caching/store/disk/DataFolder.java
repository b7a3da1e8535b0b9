package us.kbase.caching.store.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The folder of a disk store: {@code format} (its version), {@code lock} (one process owns it), {@code objects} (two levels
 * of folders), {@code tmp} (what a crash may leave, emptied at start; 16 folders, since the kernel lets one thread at a time make a
 * file in each). Blocking: not for event loops.
 */
public final class DataFolder implements AutoCloseable {

    private static final String FORMAT = "caching-service disk store 1\n";

    private static final String HEX_DIGITS = "0123456789abcdef";

    private final Path root;
    private final FileChannel lockFile;

    private DataFolder(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /**
     * Opens a folder and takes its lock, making it where it is missing.
     *
     * @throws IOException with one sentence for the operator: not writable, owned by another process, of another version
     */
    public static DataFolder open(Path root) throws IOException {
        try {
            Files.createDirectories(root.resolve("objects"));
            for (Path one : temporaryFolders(root).toList()) {
                Files.createDirectories(one);
            }
        } catch (IOException e) {
            throw new IOException("The data folder " + root + " cannot be written: " + e, e);
        }
        if (!Files.isWritable(root) || !temporaryFolders(root).allMatch(Files::isWritable)) {
            throw new IOException("The data folder " + root + " is not writable for this user.");
        }
        FileChannel lockFile =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(lockFile)) {
            lockFile.close();
            throw new IOException("The data folder " + root + " is in use by another caching-service; stop it first.");
        }
        DataFolder folder = new DataFolder(root, lockFile);
        try {
            folder.checkFormat();
            folder.removeLeftovers();
            return folder;
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    private void checkFormat() throws IOException {
        Path format = root.resolve("format");
        byte[] expected = FORMAT.getBytes(StandardCharsets.US_ASCII);
        if (!Files.exists(format)) {
            // By a move: a crash must not leave half a version, which would be another one.
            Path written = Files.write(temporary(), expected);
            Files.move(written, format, StandardCopyOption.ATOMIC_MOVE);
        } else if (!Arrays.equals(Files.readAllBytes(format), expected)) {
            throw new IOException("The data folder " + root + " was written by another version of caching-service.");
        }
    }

    private static Stream<Path> temporaryFolders(Path root) {
        return HEX_DIGITS.chars().mapToObj(digit -> root.resolve("tmp").resolve(Character.toString(digit)));
    }

    private void removeLeftovers() throws IOException {
        for (Path one : temporaryFolders(root).toList()) {
            try (Stream<Path> leftovers = Files.list(one)) {
                for (Path path : leftovers.toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    Path object(String key) {
        String hash = "%04x".formatted((key.hashCode() * 0x9e3779b9) >>> 16);
        return root.resolve("objects")
                .resolve(hash.substring(0, 2))
                .resolve(hash.substring(2))
                .resolve(key);
    }

    /** The folder of an object's file; an object's file is never the root. */
    Path parent(Path object) {
        return object.resolveSibling(".").normalize();
    }

    Path temporary() {
        String name = UUID.randomUUID().toString();
        return root.resolve("tmp").resolve(name.substring(0, 1)).resolve(name);
    }

    /** Names every object's key, in no order: with one folder open at a time, and in memory the names of 256 at most. */
    void walk(Consumer<String> onKey) throws IOException {
        for (Path outer : children(root.resolve("objects"))) {
            for (Path inner : children(outer)) {
                each(inner, object -> onKey.accept(String.valueOf(object.getFileName())));
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        each(folder, children::add);
        return children;
    }

    private static void each(Path folder, Consumer<Path> onChild) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(onChild);
        } catch (NoSuchFileException | NotDirectoryException none) {
            // removed meanwhile, or none of ours
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** When an object was written or last used; nothing where there is none. */
    Optional<Instant> modified(String key) throws IOException {
        try {
            BasicFileAttributes file = Files.readAttributes(object(key), BasicFileAttributes.class);
            return file.isRegularFile() ? Optional.of(file.lastModifiedTime().toInstant()) : Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    void checkWritable() throws IOException {
        Path probe = temporary();
        Files.createFile(probe);
        Files.delete(probe);
    }

    void sync(Path directory, boolean fsync) throws IOException {
        if (fsync) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
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
