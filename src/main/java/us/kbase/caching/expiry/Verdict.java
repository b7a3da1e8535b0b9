package us.kbase.caching.expiry;

import java.time.Duration;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryMetadata;

/** What a sweep does with an object: pure, with no store and no clock in sight. */
enum Verdict {
    /** Not ours: never read, replaced or removed. */
    FOREIGN,
    /** Alive, or its time is over too recently, or others are still at it. */
    KEEP,
    /** A result: its ETag may come back, so it gives way to something whose ETag cannot. */
    BURY,
    /** Took a result's place; goes once no strike at that can be on its way. */
    REMOVE_LATER,
    /** Has an ETag that cannot come back: tombstone, then removal. */
    REMOVE;

    /**
     * Nothing that was admitted while an entry lived is on its way any more: such a condition is used for 30 s, and each of the
     * three tries of the write that carries it may wait half an hour for a connection and two minutes for its answer (docs/adr/0006).
     */
    static final Duration GRACE = Duration.ofHours(2);

    /**
     * Judges an entry.
     *
     * @param entry as it was a grace ago: what is expired then has been so for that long
     */
    static Verdict of(Entry entry, boolean etagNamesVersion, long nowEpochSeconds) {
        return switch (entry) {
            case Entry.Absent absent -> KEEP;
            case Entry.Placeholder placeholder -> KEEP;
            case Entry.File file -> KEEP;
            case Entry.Foreign foreign -> FOREIGN;
            case Entry.Tombstone tombstone ->
                nowEpochSeconds
                                > tombstone.strikesUntilEpochSeconds()
                                        + EntryMetadata.TOMBSTONE_SLACK.toSeconds()
                                        + GRACE.toSeconds()
                        ? REMOVE
                        : KEEP;
            case Entry.Expired expired -> {
                if (etagNamesVersion) {
                    yield REMOVE;
                }
                if (!expired.hasUniqueBody()) {
                    yield BURY;
                }
                yield EntryMetadata.isBuried(expired.stored()) ? REMOVE_LATER : REMOVE;
            }
        };
    }

    boolean isExpired() {
        return this == BURY || this == REMOVE || this == REMOVE_LATER;
    }
}
