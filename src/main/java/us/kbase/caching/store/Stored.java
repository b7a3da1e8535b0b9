package us.kbase.caching.store;

import java.util.Map;

/**
 * What is known of an object without its bytes.
 *
 * @param key its name
 * @param etag names this version, in the quotes of HTTP
 * @param lengthBytes the length of its content
 * @param metadata the user metadata, names in lower case
 */
public record Stored(String key, String etag, long lengthBytes, Map<String, String> metadata) {
    /** Copies the metadata. */
    public Stored {
        metadata = Map.copyOf(metadata);
    }
}
