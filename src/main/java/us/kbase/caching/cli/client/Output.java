package us.kbase.caching.cli.client;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where the bytes of a result go. */
public sealed interface Output extends Sink.Target {

    /** Standard output. */
    record Standard() implements Output {
        @Override
        public Sink open() {
            return new StreamSink(new FileOutputStream(FileDescriptor.out), "Standard output");
        }
    }

    /** What is no regular file, such as a device or a named pipe, and is written to as it is. */
    record Device(Path path) implements Output {
        @Override
        public Sink open() throws LocalFault {
            try {
                return new StreamSink(Files.newOutputStream(path, StandardOpenOption.WRITE), path.toString());
            } catch (IOException e) {
                throw LocalFault.unwritable(path, e);
            }
        }
    }

    /**
     * A regular file, or a name that is free: replaced in one step when all bytes are there.
     *
     * @param file with symbolic links followed
     */
    record Replaced(Path file) implements Output {
        @Override
        public Sink open() throws LocalFault {
            return PartFile.beside(file);
        }
    }

    /**
     * Finds out what a name stands for; {@code -} is standard output.
     *
     * @throws LocalFault when no result can be put there
     */
    static Output named(String name) throws LocalFault {
        if (name.equals("-")) {
            return new Standard();
        }
        try {
            return at(Path.of(name));
        } catch (InvalidPathException e) {
            throw new LocalFault("'" + name + "' cannot be the name of a file here.");
        }
    }

    private static Output at(Path path) throws LocalFault {
        if (Files.isDirectory(path)) {
            throw new LocalFault(path + " is a folder; name a file in it.");
        }
        if (ofTheSystem(path) || (Files.exists(path) && !Files.isRegularFile(path))) {
            return new Device(path);
        }
        Path file = followed(path);
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new LocalFault(path + " cannot be written: there is no folder " + folder + ".");
        }
        return new Replaced(file);
    }

    /** An open file's other name, such as {@code /dev/stdout}, may lead to a regular file, but only its own bytes reach its owner. */
    private static boolean ofTheSystem(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm") || absolute.startsWith("/proc");
    }

    private static Path followed(Path path) throws LocalFault {
        try {
            return Files.exists(path)
                    ? path.toRealPath()
                    : Files.isSymbolicLink(path) ? path.resolveSibling(Files.readSymbolicLink(path)) : path;
        } catch (IOException e) {
            throw LocalFault.unwritable(path, e);
        }
    }
}
