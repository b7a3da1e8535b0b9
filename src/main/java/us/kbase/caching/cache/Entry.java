package us.kbase.caching.cache;

import static us.kbase.caching.store.Precondition.Recurrence.IMPOSSIBLE;
import static us.kbase.caching.store.Precondition.Recurrence.POSSIBLE;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.cache.filename.SentName;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;

/** What stands under an id, as the store's metadata say it. */
public sealed interface Entry {

    /** Nothing. */
    record Absent() implements Entry {}

    /** An id that was asked for and has no file yet. */
    record Placeholder(String tokenId, long expiresEpochSeconds, Stored stored) implements Entry {}

    /** A result. */
    record File(String tokenId, String filename, long expiresEpochSeconds, Stored stored) implements Entry {

        /** The name as its client sent it; empty where the writer kept none. */
        public String sentName() {
            return SentName.of(stored);
        }

        /** The media type that its client named, if it did. */
        public Optional<String> contentType() {
            return EntryMetadata.contentType(stored);
        }

        /** Checksums that the store knows, by which its bytes are compared when they are read. */
        public List<Digest> checksums() {
            return stored.digests();
        }

        /** Hashes that its client named. */
        public List<Digest> hashes() {
            return EntryMetadata.hashes(stored);
        }

        /** How long its job took, as far as is known. */
        public ComputeTime computeTime() {
            return ComputeTime.of(stored);
        }

        /** When its upload began, in seconds since 1970; nothing where its expiry is too early to tell. */
        public OptionalLong uploadedEpochSeconds() {
            return EntryMetadata.uploaded(stored);
        }
    }

    /** A placeholder or result whose time is over: absent for readers, until somebody replaces or removes it. */
    record Expired(String tokenId, Stored stored) implements Entry {

        /** Whether it is a result, whose last use may have renewed it. */
        public boolean isFile() {
            return !filename(stored).equals(PLACEHOLDER);
        }

        /**
         * Whether its ETag can never come back: that of a placeholder of ours, whose body is random. The original's are empty,
         * and a result can be uploaded again.
         */
        public boolean hasUniqueBody() {
            return Entry.hasUniqueBody(stored);
        }
    }

    /** What a sweep put in an expired entry's place: nobody writes onto it before its strikes are over. */
    record Tombstone(String tokenId, long strikesUntilEpochSeconds, Stored stored) implements Entry {}

    /** An object without our metadata: never read, replaced or removed. */
    record Foreign(Stored stored) implements Entry {}

    /** The living result, if this is one. */
    default Optional<File> result() {
        return this instanceof File file ? Optional.of(file) : Optional.empty();
    }

    /** The filename that makes an object a placeholder. */
    String PLACEHOLDER = "placeholder";

    /** Reads what a store found, at a time of that store. */
    static Entry of(Optional<Stored> found, long nowEpochSeconds) {
        return found.map(stored -> of(stored, nowEpochSeconds)).orElseGet(Absent::new);
    }

    /** Reads an object's metadata, at a time of its store. */
    static Entry of(Stored stored, long nowEpochSeconds) {
        return of(stored, OptionalLong.empty(), nowEpochSeconds);
    }

    /**
     * Reads an object's metadata and the day of its last use, which counts for results only.
     *
     * @param lastUsedDay days since 1970
     */
    static Entry of(Stored stored, OptionalLong lastUsedDay, long nowEpochSeconds) {
        Map<String, String> metadata = stored.metadata();
        String tokenId = metadata.getOrDefault("token_id", "");
        String filename = filename(stored);
        OptionalLong expiration = EntryMetadata.number(stored, "expiration");
        if (tokenId.isEmpty() || filename.isEmpty() || expiration.isEmpty()) {
            return new Foreign(stored);
        }
        boolean file = !filename.equals(PLACEHOLDER);
        OptionalLong strikesUntil = EntryMetadata.strikesUntil(stored);
        if (!file && strikesUntil.isPresent()) {
            return new Tombstone(tokenId, strikesUntil.getAsLong(), stored);
        }
        long livesUntil = file ? EntryMetadata.livesUntil(stored, lastUsedDay) : expiration.getAsLong();
        if (nowEpochSeconds > livesUntil) {
            return new Expired(tokenId, stored);
        }
        if (!file) {
            return new Placeholder(tokenId, livesUntil, stored);
        }
        long expires = EntryMetadata.expires(stored, lastUsedDay);
        return new File(tokenId, filename, nowEpochSeconds > expires ? livesUntil : expires, stored);
    }

    /** That an object of ours is still the one that was seen. */
    static Precondition.Matches unchanged(Stored seen) {
        return new Precondition.Matches(seen.etag(), hasUniqueBody(seen) ? IMPOSSIBLE : POSSIBLE);
    }

    private static boolean hasUniqueBody(Stored stored) {
        return filename(stored).equals(PLACEHOLDER) && stored.lengthBytes() > 0;
    }

    private static String filename(Stored stored) {
        return stored.metadata().getOrDefault("filename", "");
    }
}
