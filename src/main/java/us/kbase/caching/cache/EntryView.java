package us.kbase.caching.cache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.digest.Digest;

/**
 * A living entry as its owner sees it.
 *
 * @param filename the stored name; {@code placeholder} without a file
 * @param sentName the name as the client sent it; empty without a file, or when the writer kept none
 * @param lengthBytes the file's length, 0 without one
 * @param expiresEpochSeconds when it expires unless it is used before then, in seconds since 1970
 * @param digests what is known of the file's bytes; empty without one
 */
public record EntryView(
        String id,
        String tokenId,
        State state,
        String filename,
        String sentName,
        long lengthBytes,
        long expiresEpochSeconds,
        List<Digest> digests) {

    /** Whether there is a file. */
    public enum State {
        /** The id was asked for; no file is there yet. */
        PLACEHOLDER,
        /** The file can be downloaded. */
        READY
    }

    public static EntryView of(CacheId id, Entry entry) {
        return switch (entry) {
            case Entry.Placeholder placeholder ->
                new EntryView(
                        id.value(),
                        placeholder.tokenId(),
                        State.PLACEHOLDER,
                        Entry.PLACEHOLDER,
                        "",
                        0,
                        placeholder.expiresEpochSeconds(),
                        List.of());
            case Entry.File file ->
                new EntryView(
                        id.value(),
                        file.tokenId(),
                        State.READY,
                        file.filename(),
                        file.sentName(),
                        file.stored().lengthBytes(),
                        file.expiresEpochSeconds(),
                        Stream.concat(file.checksums().stream(), file.hashes().stream())
                                .toList());
            default -> throw new IllegalArgumentException("not a living entry");
        };
    }

    /** The three metadata that the original service shows, with the expiry that holds. */
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("expiration", Long.toString(expiresEpochSeconds));
        metadata.put("filename", filename);
        metadata.put("token_id", tokenId);
        return metadata;
    }
}
