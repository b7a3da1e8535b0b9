package us.kbase.caching.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import us.kbase.caching.cache.id.CacheId;

/**
 * A living entry as its owner sees it.
 *
 * @param filename the stored name; {@code placeholder} without a file
 * @param sentName the name as the client sent it; empty without a file, or when the writer kept none
 * @param lengthBytes the file's length, 0 without one
 * @param expiresEpochSeconds when it expires unless it is used before then, in seconds since 1970
 */
public record EntryView(
        String id,
        String tokenId,
        State state,
        String filename,
        String sentName,
        long lengthBytes,
        long expiresEpochSeconds) {

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
                        placeholder.expiresEpochSeconds());
            case Entry.File file ->
                new EntryView(
                        id.value(),
                        file.tokenId(),
                        State.READY,
                        file.filename(),
                        file.sentName(),
                        file.stored().lengthBytes(),
                        file.expiresEpochSeconds());
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
