package us.kbase.caching.move;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;

/**
 * Which of two stores' objects of one key counts, and what a move does with it: pure. What stands in the new store counts, also where it
 * says that nothing is there any more, but for one case: a placeholder never hides a result. A gateway that did not know of the new store
 * yet may have published that after the placeholder was written, and told its client so.
 */
final class MoveRules {

    /** Own metadata of a copy: the ETag, without quotes, of what it was made of. */
    private static final String MOVED_FROM = "moved-from";

    /** Own metadata of a placeholder that took the place of a result of the new store's own. */
    private static final String MOVED_OVER = "moved-over";

    /** So that nobody waits for strikes that were never made. */
    private static final long OVER_SECONDS = EntryMetadata.TOMBSTONE_SLACK.toSeconds() + 1;

    private MoveRules() {}

    /** Why nothing is copied. */
    enum Left {
        /** Something of the new store's own is there. */
        THERE,
        /** Its time is over, or it was removed. */
        OVER,
        /** It is none of this service's. */
        FOREIGN,
        /** What is in its place in the new store is none of this service's. */
        OCCUPIED
    }

    /** What a move does with one key. */
    sealed interface Decision {
        /** Copies the object in place of that one of the new store, or of nothing, if that is still so. */
        record Copy(Optional<Stored> over) implements Decision {
            Precondition condition() {
                return ReadThroughStore.inPlaceOf(over);
            }
        }

        /** The new store has the copy of this version: both are compared. */
        record Compare(Stored copy) implements Decision {}

        /** Nothing is done. */
        record Leave(Left why) implements Decision {}
    }

    /** What a move does about an entry of the previous store. */
    static Decision decide(Entry previous, Entry own) {
        return switch (previous) {
            case Entry.Absent absent -> new Decision.Leave(Left.OVER);
            case Entry.Expired expired -> new Decision.Leave(Left.OVER);
            case Entry.Tombstone tombstone -> new Decision.Leave(Left.OVER);
            case Entry.Foreign foreign -> new Decision.Leave(Left.FOREIGN);
            case Entry.Placeholder placeholder -> decide(placeholder.stored(), own, false);
            case Entry.File file -> decide(file.stored(), own, true);
        };
    }

    private static Decision decide(Stored previous, Entry own, boolean isResult) {
        return switch (own) {
            case Entry.Absent absent -> new Decision.Copy(Optional.empty());
            case Entry.Placeholder placeholder -> overPlaceholder(placeholder.stored(), isResult);
            case Entry.File file -> overFile(previous, file.stored(), isResult);
            case Entry.Expired expired -> overExpired(previous, expired, isResult);
            case Entry.Tombstone tombstone -> new Decision.Leave(Left.THERE);
            case Entry.Foreign foreign -> new Decision.Leave(Left.OCCUPIED);
        };
    }

    private static Decision overPlaceholder(Stored own, boolean isResult) {
        return isResult && hidesNothing(own) ? new Decision.Copy(Optional.of(own)) : new Decision.Leave(Left.THERE);
    }

    /** A copy whose last use was not noted yet looks expired, and is none. */
    private static Decision overExpired(Stored previous, Entry.Expired own, boolean isResult) {
        if (own.isFile()) {
            return overFile(previous, own.stored(), isResult);
        }
        return overPlaceholder(own.stored(), isResult);
    }

    /** A copy of a version that was replaced in the previous store since is replaced too; what was uploaded here stays. */
    private static Decision overFile(Stored previous, Stored own, boolean isResult) {
        Optional<String> from = Optional.ofNullable(own.metadata().get(MOVED_FROM));
        if (from.filter(bare(previous.etag())::equals).isPresent()) {
            return new Decision.Compare(own);
        }
        return isResult && from.isPresent() ? new Decision.Copy(Optional.of(own)) : new Decision.Leave(Left.THERE);
    }

    /** What took the place of a result that expired here says that it is gone, and with it what it had replaced. */
    private static boolean hidesNothing(Stored placeholder) {
        return !EntryMetadata.isBuried(placeholder) && !placeholder.metadata().containsKey(MOVED_OVER);
    }

    /** The metadata of a placeholder that is written over an object of the new store's own. */
    static Map<String, String> placeholderOver(
            Optional<Stored> own, Map<String, String> metadata, long nowEpochSeconds) {
        if (own.filter(stored -> isLastWord(stored, nowEpochSeconds)).isEmpty()) {
            return metadata;
        }
        Map<String, String> marked = new HashMap<>(metadata);
        marked.put(MOVED_OVER, "1");
        return marked;
    }

    /** A result that was uploaded here and expired, or what came after one. */
    private static boolean isLastWord(Stored own, long nowEpochSeconds) {
        return switch (Entry.of(own, nowEpochSeconds)) {
            case Entry.Placeholder placeholder -> !hidesNothing(own);
            case Entry.Expired expired ->
                expired.isFile() ? !own.metadata().containsKey(MOVED_FROM) : !hidesNothing(own);
            case Entry.Absent absent -> false;
            case Entry.File file -> false;
            case Entry.Tombstone tombstone -> false;
            case Entry.Foreign foreign -> false;
        };
    }

    /** Whether the previous store may have what counts: nothing of the new store's own says otherwise. */
    static boolean mayBeHidden(Optional<Stored> own, long nowEpochSeconds) {
        Entry entry = Entry.of(own, nowEpochSeconds);
        return switch (entry) {
            case Entry.Absent absent -> true;
            case Entry.Placeholder placeholder -> hidesNothing(placeholder.stored());
            case Entry.Expired expired -> !expired.isFile() && hidesNothing(expired.stored());
            case Entry.File file -> false;
            case Entry.Tombstone tombstone -> false;
            case Entry.Foreign foreign -> false;
        };
    }

    /**
     * The metadata of a copy. What lives by the day of its last use alone expires later than it said: that day is noted behind the copy,
     * and not at all where the new store keeps no such notes.
     */
    static Map<String, String> ofCopy(Entry entry, Stored previous) {
        Map<String, String> metadata = new HashMap<>(previous.metadata());
        metadata.put(MOVED_FROM, bare(previous.etag()));
        if (entry instanceof Entry.File file && file.expiresEpochSeconds() > EntryMetadata.expiration(previous)) {
            metadata.put("expiration", Long.toString(file.expiresEpochSeconds()));
        }
        return metadata;
    }

    /** The metadata of a tombstone that nobody waits for. */
    static Map<String, String> tombstone(Stored gone, long nowEpochSeconds) {
        return EntryMetadata.tombstone(gone, nowEpochSeconds - OVER_SECONDS);
    }

    /** The metadata of a placeholder behind which the previous store's result shows. */
    static Map<String, String> placeholderOf(Stored previous) {
        return Map.of(
                "expiration",
                previous.metadata().getOrDefault("expiration", "0"),
                "filename",
                Entry.PLACEHOLDER,
                "token_id",
                previous.metadata().getOrDefault("token_id", ""));
    }

    private static String bare(String etag) {
        return etag.replace("\"", "");
    }
}
