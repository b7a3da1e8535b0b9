package us.kbase.caching.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.Output;

/** The result of a command that is run once: the file that it writes, or what it prints, which is kept in a file meanwhile. */
final class CommandOutput implements AutoCloseable {

    private final Path file;
    private final boolean printed;

    private CommandOutput(Path file, boolean printed) {
        this.file = file;
        this.printed = printed;
    }

    /**
     * Finds out what a name stands for; {@code -} is the command's standard output.
     *
     * @throws LocalFault when no result can be written there and read back
     */
    static CommandOutput named(String name) throws LocalFault {
        return switch (Output.named(name)) {
            case Output.Standard standard -> new CommandOutput(temporary(), true);
            case Output.Replaced file -> new CommandOutput(Path.of(name), false);
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

    Path file() {
        return file;
    }

    /** Where a download of the result goes first. */
    Output target() throws LocalFault {
        return Output.named(file.toString());
    }

    /** The file that the command's standard output goes into, if that is the result. */
    Optional<Path> redirected() {
        return printed ? Optional.of(file) : Optional.empty();
    }

    /** Tells a result from what lay there before; empty when there is none. */
    Optional<Object> version() throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        @Nullable Object inode = found.fileKey();
        return Optional.of(List.of(found.lastModifiedTime(), found.size(), inode == null ? "" : inode));
    }

    /** Tells whether the command has written a result; what it prints may be nothing. */
    boolean isNewerThan(Optional<Object> before) throws IOException {
        return printed || (version().isPresent() && !version().equals(before));
    }

    /** Passes on what the command printed, or what was downloaded in its place. */
    void deliver() throws LocalFault {
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

    /** The name that the service is told. */
    String name() {
        return printed ? "stdout" : String.valueOf(file.getFileName());
    }

    /** Says where a result is that was not published. */
    String whereabouts() {
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
