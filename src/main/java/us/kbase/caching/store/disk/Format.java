package us.kbase.caching.store.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version of a data folder, in its file {@code format}. Before it is written nothing is kept in the folder, so one that a power
 * cut left half-written beside nothing is made again. Blocking.
 */
final class Format {

    private static final Logger log = LoggerFactory.getLogger(Format.class);
    private static final String ANY = "caching-service disk store ";
    private static final String FIRST = ANY + "1\n";
    private static final String CURRENT = ANY + "2\n";

    private final Path root;
    private final Path file;

    Format(Path root) {
        this.root = root;
        this.file = root.resolve("format");
    }

    /** Fails with one sentence when the folder is not of this version. */
    void check() throws IOException {
        String found = text();
        if (found.equals(CURRENT)) {
            return;
        }
        throw new IOException(
                found.equals(FIRST)
                        ? "The data folder " + root + " is of an earlier version and its file system read only;"
                                + " start once where it can be written."
                        : another(found));
    }

    /** The same, and makes the folder one of this version where it is new, or of a version that can be led on. */
    void checkOrMake() throws IOException {
        String found = Files.exists(file) ? text() : "";
        if (found.equals(CURRENT)) {
            return;
        }
        if (!found.equals(FIRST) && (!isHalf(found) || holdsObjects())) {
            throw new IOException(another(found));
        }
        if (Files.exists(file) && isHalf(found)) {
            log.warn("{} was half-written at a first start; it is made again", file);
        }
        SmallFile.replace(file, CURRENT);
    }

    private String text() throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /** Also of zeros, which is what a file system gives back for bytes that it never wrote. */
    private static boolean isHalf(String text) {
        String found = text.replace("\0", "");
        return found.length() < CURRENT.length()
                && ANY.startsWith(found.substring(0, Math.min(found.length(), ANY.length())));
    }

    private boolean holdsObjects() throws IOException {
        for (String folder : Arrays.asList("entries", "objects")) {
            Path path = root.resolve(folder);
            if (Files.isDirectory(path)) {
                try (Stream<Path> any = Files.list(path)) {
                    if (any.findAny().isPresent()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private String another(String found) {
        return isHalf(found)
                ? "The file " + file + " is cut off, though there are objects beside it; if they are of this version,"
                        + " it has to say: " + CURRENT.strip()
                : "The data folder " + root
                        + " was written by another version of caching-service: start that one, or set"
                        + " store.disk.path (CACHING_STORE_DISK_PATH) to another folder.";
    }
}
