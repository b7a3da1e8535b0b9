package us.kbase.caching.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.cli.bundle.PackedTree;
import us.kbase.caching.cli.bundle.RemoteDirectory;
import us.kbase.caching.cli.bundle.UnpackedTree;
import us.kbase.caching.cli.client.Download;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.Input;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Output;
import us.kbase.caching.cli.client.Patience;
import us.kbase.caching.cli.client.Sink;
import us.kbase.caching.cli.progress.Progress;
import us.kbase.caching.failure.Failure;

/** The one file or folder that a command writes, or what it prints, which is kept in a file meanwhile. */
final class CommandOutput implements JobOutput {

    private final Path file;
    private final Kind kind;
    private final boolean printed;

    /** What the name stands for before the command has run. */
    private enum Kind {
        FILE,
        FOLDER,
        /** Nothing has that name yet: the command shows what it is, or the stored result. */
        EITHER
    }

    private CommandOutput(Path file, Kind kind, boolean printed) {
        this.file = file;
        this.kind = kind;
        this.printed = printed;
    }

    /**
     * Finds out what a name stands for; {@code -} is the command's standard output.
     *
     * @throws LocalFault when no result can be written there and read back
     */
    static CommandOutput named(String name) throws LocalFault {
        if (isFolder(name)) {
            UnpackedTree.requireFree(Path.of(name));
            return new CommandOutput(Path.of(name), Kind.FOLDER, false);
        }
        return switch (Output.named(name)) {
            case Output.Standard standard -> new CommandOutput(temporary(), Kind.FILE, true);
            case Output.Replaced target -> {
                Path path = Path.of(name);
                yield new CommandOutput(path, Files.exists(path) ? Kind.FILE : Kind.EITHER, false);
            }
            case Output.Device device ->
                throw new LocalFault("--out " + name
                        + " is no regular file, so what the command writes there could not be read and published;"
                        + " name a file, or - for what the command prints.");
        };
    }

    private static Path temporary() throws LocalFault {
        try {
            Path file = Files.createTempFile("caching-service-", ".out");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new LocalFault("No temporary file can be made", e);
        }
    }

    private static boolean isFolder(String name) throws LocalFault {
        try {
            return name.endsWith("/") || Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            throw new LocalFault("'" + name + "' cannot be the name of a file here.");
        }
    }

    @Override
    public long download(GatewayClient client, Patience patience, String cacheId, Progress progress)
            throws IOException, InterruptedException {
        Download download = new Download(client, patience);
        if (kind == Kind.FOLDER) {
            return unpacked(client, patience, cacheId, progress);
        }
        try {
            return download.into(target(), cacheId, progress);
        } catch (Sink.Unwanted archive) {
            return isFolder(client, patience, cacheId)
                    ? unpacked(client, patience, cacheId, progress)
                    : download.into(Output.named(file.toString()), cacheId, progress);
        }
    }

    private long unpacked(GatewayClient client, Patience patience, String cacheId, Progress progress)
            throws IOException, InterruptedException {
        return UnpackedTree.in(file, UnpackedTree.Times.NOW).from(client, patience, cacheId, progress);
    }

    /** A file; an archive is not put there before it is known whether a folder was meant. */
    private Sink.Target target() throws LocalFault {
        Output output = Output.named(file.toString());
        return new Sink.Target() {
            @Override
            public Sink open() throws LocalFault {
                return output.open();
            }

            @Override
            public boolean wants(String type) {
                return kind == Kind.FILE || !PackedTree.mayBe(type);
            }
        };
    }

    /** Whether the stored result is what a command wrote into a folder. */
    private static boolean isFolder(GatewayClient client, Patience patience, String cacheId)
            throws IOException, InterruptedException {
        try {
            return PackedTree.isOurs(
                    RemoteDirectory.of(client, patience, cacheId).directory());
        } catch (Failure.NotABundle file) {
            return false;
        }
    }

    @Override
    public Input result() throws LocalFault {
        return Files.isDirectory(file) ? PackedTree.in(file) : Input.named(file.toString());
    }

    @Override
    public Optional<Path> redirected() {
        return printed ? Optional.of(file) : Optional.empty();
    }

    @Override
    public Optional<Object> version() throws IOException {
        return version(file);
    }

    /** Tells a file or folder from what has the name later; empty when there is none. */
    static Optional<Object> version(Path file) throws IOException {
        if (!Files.isRegularFile(file) && !Files.isDirectory(file)) {
            return Optional.empty();
        }
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        @Nullable Object inode = found.fileKey();
        return Optional.of(List.of(found.lastModifiedTime(), found.size(), inode == null ? "" : inode));
    }

    /** What it prints may be nothing. */
    @Override
    public boolean isNewerThan(Optional<Object> before) throws IOException {
        return printed || (version().isPresent() && !version().equals(before));
    }

    @Override
    public void deliver() throws LocalFault {
        if (printed) {
            try {
                long unused = Files.copy(file, System.out);
                System.out.flush();
            } catch (IOException e) {
                throw LocalFault.unwritable("Standard output", e);
            }
            if (System.out.checkError()) {
                throw new LocalFault("Standard output cannot be written.");
            }
        }
    }

    @Override
    public String name() throws LocalFault {
        return printed ? "stdout" : result().name();
    }

    @Override
    public String whereabouts() {
        return printed ? "it was printed all the same" : "it is kept in " + file;
    }

    /** What people call it. */
    @Override
    public String toString() {
        return printed ? "standard output" : file.toString();
    }

    @Override
    public void close() throws IOException {
        if (printed) {
            boolean unused = Files.deleteIfExists(file);
        }
    }
}
