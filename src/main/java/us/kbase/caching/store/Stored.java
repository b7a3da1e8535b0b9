package us.kbase.caching.store;

import java.util.List;
import java.util.Map;
import us.kbase.caching.digest.Digest;

/**
 * What is known of an object without its bytes.
 *
 * @param key its name
 * @param etag names this version, in the quotes of HTTP
 * @param lengthBytes the length of its content
 * @param metadata the user metadata, names in lower case
 * @param digests what the store knows its content to have been when it was put, the cheapest to compute first; empty where it kept none
 */
public record Stored(String key, String etag, long lengthBytes, Map<String, String> metadata, List<Digest> digests) {
    /** Copies the metadata and digests. */
    public Stored {
        metadata = Map.copyOf(metadata);
        digests = List.copyOf(digests);
    }

    /** An object of which no digest is known. */
    public Stored(String key, String etag, long lengthBytes, Map<String, String> metadata) {
        this(key, etag, lengthBytes, metadata, List.of());
    }

    /** Whether this is the same version under the same metadata: stores do not tell digests on every occasion. */
    public boolean isSameVersion(Stored other) {
        return etag.equals(other.etag)
                && lengthBytes == other.lengthBytes
                && key.equals(other.key)
                && metadata.equals(other.metadata);
    }
}
