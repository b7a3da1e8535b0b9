package us.kbase.caching.cache;

import java.util.Map;
import java.util.Optional;
import us.kbase.caching.store.Stored;

/** What stands under an id, as the store's metadata say it. */
public sealed interface Entry {

    /** Nothing. */
    record Absent() implements Entry {}

    /** An id that was asked for and has no file yet. */
    record Placeholder(String tokenId, long expiresEpochSeconds, Stored stored) implements Entry {}

    /** A result. */
    record File(String tokenId, String filename, long expiresEpochSeconds, Stored stored) implements Entry {}

    /** A placeholder or result whose time is over: absent for readers, until somebody replaces or removes it. */
    record Expired(String tokenId, Stored stored) implements Entry {}

    /** An object without our metadata: never read, replaced or removed. */
    record Foreign(Stored stored) implements Entry {}

    /** The filename that makes an object a placeholder. */
    String PLACEHOLDER = "placeholder";

    /** Reads what a store found, at a time of that store. */
    static Entry of(Optional<Stored> found, long nowEpochSeconds) {
        return found.map(stored -> of(stored, nowEpochSeconds)).orElseGet(Absent::new);
    }

    /** Reads an object's metadata, at a time of its store. */
    static Entry of(Stored stored, long nowEpochSeconds) {
        Map<String, String> metadata = stored.metadata();
        String tokenId = metadata.getOrDefault("token_id", "");
        String filename = metadata.getOrDefault("filename", "");
        String expiration = metadata.getOrDefault("expiration", "");
        if (tokenId.isEmpty() || filename.isEmpty() || !expiration.matches("\\d{1,18}")) {
            return new Foreign(stored);
        }
        long expires = Long.parseLong(expiration);
        if (nowEpochSeconds > expires) {
            return new Expired(tokenId, stored);
        }
        return filename.equals(PLACEHOLDER)
                ? new Placeholder(tokenId, expires, stored)
                : new File(tokenId, filename, expires, stored);
    }
}
