package us.kbase.caching.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;

/** Where the bytes of a result come from. */
public interface Input {

    /** Standard input; its length is not known. */
    record Standard() implements Input {
        @Override
        public String name() {
            return "stdin";
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public InputStream open() {
            return System.in;
        }

        @Override
        public String toString() {
            return "Standard input";
        }
    }

    /** A file; the length of one that is not regular, such as a named pipe, is not known. */
    record Named(Path path) implements Input {
        private static final int READ_BYTES = 256 << 10;

        @Override
        public String name() {
            return String.valueOf(path.getFileName());
        }

        @Override
        public OptionalLong length() throws LocalFault {
            try {
                return Files.isRegularFile(path) ? OptionalLong.of(Files.size(path)) : OptionalLong.empty();
            } catch (IOException e) {
                throw new LocalFault(path + " cannot be read", e);
            }
        }

        /** Of a regular file: reading it twice costs less than publishing what a disk or a network made of it. */
        @Override
        public Optional<Digest> checksum() throws LocalFault {
            if (!Files.isRegularFile(path)) {
                return Optional.empty();
            }
            RunningDigest digest = RunningDigest.of(DigestAlgorithm.CRC32C);
            try (ReadableByteChannel file = Files.newByteChannel(path)) {
                ByteBuffer bytes = ByteBuffer.allocateDirect(READ_BYTES);
                while (file.read(bytes) >= 0) {
                    digest.update(bytes.flip());
                    bytes.clear();
                }
                return Optional.of(digest.digest());
            } catch (IOException e) {
                throw new LocalFault(path + " cannot be read", e);
            }
        }

        @Override
        public InputStream open() throws LocalFault {
            try {
                return Files.newInputStream(path);
            } catch (IOException e) {
                throw new LocalFault(path + " cannot be read", e);
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * Finds out what a name stands for; {@code -} is standard input.
     *
     * @throws LocalFault when nothing can be read there
     */
    static Input named(String name) throws LocalFault {
        if (name.equals("-")) {
            return new Standard();
        }
        Path path = path(name);
        if (Files.isDirectory(path)) {
            throw new LocalFault(path + " is a folder; a result is one file.");
        }
        if (!Files.exists(path)) {
            throw new LocalFault(path + " cannot be read", new NoSuchFileException(name));
        }
        if (!Files.isReadable(path)) {
            throw new LocalFault(path + " cannot be read", new AccessDeniedException(name));
        }
        return new Named(path);
    }

    private static Path path(String name) throws LocalFault {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new LocalFault("'" + name + "' cannot be the name of a file here.");
        }
    }

    /** Reads all of it: a small text. */
    default byte[] text() throws LocalFault {
        try (InputStream in = open()) {
            return in.readAllBytes();
        } catch (LocalFault e) {
            throw e;
        } catch (IOException e) {
            throw new LocalFault(this + " cannot be read", e);
        }
    }

    /** The name that the service is told. */
    String name();

    /** Its length in bytes, where that is known before it is read. */
    OptionalLong length() throws LocalFault;

    /** Its checksum, where it can be read once before it is sent. */
    default Optional<Digest> checksum() throws LocalFault {
        return Optional.empty();
    }

    /** About how many bytes will come, to be shown; negative when nobody knows. */
    default long bytesExpected() throws LocalFault {
        return length().orElse(-1);
    }

    /** Opens it; the caller closes. */
    InputStream open() throws LocalFault;
}
