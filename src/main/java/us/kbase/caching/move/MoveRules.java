package us.kbase.caching.move;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.cache.Entry;
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
        /** Copies the object, if this still holds in the new store. */
        record Copy(Precondition condition) implements Decision {}

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
            case Entry.Absent absent -> new Decision.Copy(new Precondition.Absent());
            case Entry.Placeholder placeholder ->
                isResult ? over(placeholder.stored()) : new Decision.Leave(Left.THERE);
            case Entry.File file -> {
                Optional<String> from =
                        Optional.ofNullable(file.stored().metadata().get(MOVED_FROM));
                if (from.isEmpty()) {
                    yield new Decision.Leave(Left.THERE);
                }
                if (from.get().equals(bare(previous.etag()))) {
                    yield new Decision.Compare(file.stored());
                }
                yield isResult ? over(file.stored()) : new Decision.Leave(Left.THERE);
            }
            case Entry.Expired expired -> new Decision.Leave(Left.THERE);
            case Entry.Tombstone tombstone -> new Decision.Leave(Left.THERE);
            case Entry.Foreign foreign -> new Decision.Leave(Left.OCCUPIED);
        };
    }

    /** A placeholder, or the copy of a version that was replaced in the previous store since. */
    private static Decision over(Stored own) {
        return new Decision.Copy(new Precondition.Matches(own.etag()));
    }

    /** Whether the previous store may have what counts: nothing of the new store's own says otherwise. */
    static boolean mayBeHidden(Optional<Stored> own, long nowEpochSeconds) {
        Entry entry = Entry.of(own, nowEpochSeconds);
        return entry instanceof Entry.Absent || entry instanceof Entry.Placeholder;
    }

    /** Whether the previous store's object counts, where the new store {@link #mayBeHidden may hide} it. */
    static boolean counts(Stored previous, Optional<Stored> own, long nowEpochSeconds) {
        return own.isEmpty() || Entry.of(previous, nowEpochSeconds) instanceof Entry.File;
    }

    /** The metadata of a copy. */
    static Map<String, String> ofCopy(Stored previous) {
        Map<String, String> metadata = new HashMap<>(previous.metadata());
        metadata.put(MOVED_FROM, bare(previous.etag()));
        return metadata;
    }

    private static String bare(String etag) {
        return etag.replace("\"", "");
    }
}
