package us.kbase.caching.store.s3.client;

import java.nio.file.Path;

/**
 * The certificates that an https endpoint's own must come from, read and checked.
 *
 * @param path where they were read, for messages
 * @param pem their text
 */
public record CaFile(Path path, String pem) {
    @Override
    public String toString() {
        return path.toString();
    }
}
