package us.kbase.caching.cli.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file beside the target, which takes the target's place, name and mode when it is whole. Otherwise the target stays as it was, and
 * the part is removed: also when a signal ends the process.
 */
final class PartFile implements Sink {

    private final Path target;
    private final Path part;
    private final OutputStream out;
    private final Optional<Set<PosixFilePermission>> mode;
    private final Thread whenStopped;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PartFile(Path target, Path part, OutputStream out, Optional<Set<PosixFilePermission>> mode) {
        this.target = target;
        this.part = part;
        this.out = out;
        this.mode = mode;
        this.whenStopped = new Thread(this::remove, "remove-part");
    }

    static PartFile beside(Path target) throws LocalFault {
        Path part =
                target.toAbsolutePath().resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Optional<Set<PosixFilePermission>> mode = modeOf(target);
            // Never wider than the target is, not even for a moment.
            FileAttribute<?>[] attributes = mode.map(
                            m -> new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(m)})
                    .orElse(new FileAttribute<?>[0]);
            OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                    part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes));
            PartFile file = new PartFile(target, part, out, mode);
            Runtime.getRuntime().addShutdownHook(file.whenStopped);
            return file;
        } catch (IOException e) {
            throw LocalFault.unwritable(target, e);
        }
    }

    private static Optional<Set<PosixFilePermission>> modeOf(Path target) throws IOException {
        return Files.exists(target) && Files.getFileAttributeView(target, PosixFileAttributeView.class) != null
                ? Optional.of(Files.getPosixFilePermissions(target))
                : Optional.empty();
    }

    @Override
    public void write(byte[] bytes, int count) throws LocalFault {
        try {
            out.write(bytes, 0, count);
        } catch (IOException e) {
            throw LocalFault.unwritable(target, e);
        }
    }

    @Override
    public void commit() throws LocalFault {
        try {
            out.close();
            if (mode.isPresent()) {
                Files.setPosixFilePermissions(part, mode.get());
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw LocalFault.unwritable(target, e);
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            System.err.println("caching-service: " + part + " could not be removed.");
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (OutputStream closing = out) {
            remove();
        } catch (IOException removedAnyway) {
            // What a close could not write was not committed.
            return;
        } finally {
            unregister();
        }
    }

    private void unregister() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(whenStopped);
        } catch (IllegalStateException stopping) {
            // It runs just now.
            return;
        }
    }
}
