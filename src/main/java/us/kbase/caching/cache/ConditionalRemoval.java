package us.kbase.caching.cache;

import io.vertx.core.Future;
import java.util.Optional;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;

/**
 * Removes an entry only as the version that was looked at. Few S3 servers delete under a condition, so a tombstone takes the
 * version's place by a conditional put, as in a sweep, and then goes too. One event loop.
 */
final class ConditionalRemoval {

    private static final int CONFLICTS_MAX = 16;

    private final ObjectStore store;
    private final EntryReader entries;
    private final QuietTime quiet;

    ConditionalRemoval(ObjectStore store, EntryReader entries, QuietTime quiet) {
        this.store = store;
        this.entries = entries;
        this.quiet = quiet;
    }

    /** Removes the entry; fails as {@link EntryRules#remove} and the check do, with nothing changed. */
    Future<Void> remove(CacheId id, String tokenId, ResultCheck check) {
        return remove(id, tokenId, check, 0);
    }

    private Future<Void> remove(CacheId id, String tokenId, ResultCheck check, int conflicts) {
        return store.upkeep()
                .look(id.value())
                .compose(found -> found.map(seen -> strike(seen, tokenId, check))
                        .orElseGet(() -> Future.failedFuture(new Failure.NotFound())))
                .compose(gone -> {
                    if (gone) {
                        return Future.succeededFuture();
                    }
                    return conflicts < CONFLICTS_MAX
                            ? remove(id, tokenId, check, conflicts + 1)
                            : Future.failedFuture(new Failure.Busy("The entry keeps changing; try again"));
                });
    }

    private Future<Boolean> strike(Observation seen, String tokenId, ResultCheck check) {
        return entries.of(Optional.of(seen.stored())).compose(entry -> {
            EntryRules.remove(entry, tokenId);
            check.check(entry.result());
            GuardedRemoval strikes = store.upkeep()
                    .arm(
                            seen,
                            EntryMetadata.tombstone(
                                    seen.stored(),
                                    seen.at()
                                            .plus(store.upkeep().strikeWindow())
                                            .getEpochSecond()));
            return harmless(entry)
                    .compose(v -> strikes.mark())
                    .compose(marked -> marked ? swept(strikes) : Future.succeededFuture(false));
        });
    }

    /** After a wait the strike comes too late, and the entry is looked at once more. */
    private Future<Void> harmless(Entry entry) {
        return entry instanceof Entry.Placeholder placeholder
                ? quiet.over(placeholder.stored())
                : Future.succeededFuture();
    }

    /** The entry is gone for everybody once it is a tombstone; one that stays is removed by a sweep. */
    private static Future<Boolean> swept(GuardedRemoval strikes) {
        return strikes.remove().otherwise(false).map(true);
    }
}
