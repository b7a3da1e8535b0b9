package us.kbase.caching.cache;

import io.vertx.core.Future;
import java.util.Optional;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;

/**
 * Removes an entry only as the version that was looked at. Few S3 servers delete under a condition, so there a tombstone takes the
 * version's place by a conditional put, as in a sweep, and then goes too; the embedded store removes the version itself. One event
 * loop.
 */
final class ConditionalRemoval {

    private final ObjectStore store;
    private final EntryReader entries;
    private final QuietTime quiet;

    ConditionalRemoval(ObjectStore store, EntryReader entries, QuietTime quiet) {
        this.store = store;
        this.entries = entries;
        this.quiet = quiet;
    }

    /** Removes the entry; fails as {@link EntryRules#remove} and the check do, with nothing changed. */
    Future<Void> remove(CacheId id, Requester requester, ResultCheck check, Future<?> gone) {
        return ConflictRetry.whileConflict(() -> store.upkeep()
                .look(id.value())
                .compose(found -> found.map(seen -> strike(seen, requester, check, gone))
                        .orElseGet(() -> Future.failedFuture(new Failure.NotFound()))));
    }

    private Future<Void> strike(Observation seen, Requester requester, ResultCheck check, Future<?> gone) {
        return entries.of(Optional.of(seen.stored())).compose(entry -> {
            Entry living = EntryRules.remove(entry, requester);
            check.check(entry.result());
            GuardedRemoval strikes = store.upkeep()
                    .arm(
                            seen,
                            EntryMetadata.tombstone(
                                    seen.stored(),
                                    seen.at()
                                            .plus(store.upkeep().strikeWindow())
                                            .getEpochSecond()));
            return harmless(living, gone)
                    .compose(v -> strikes.mark().recover(cause -> toldWhenOver(strikes, cause)))
                    .compose(marked -> marked ? removed(strikes) : Future.failedFuture(new Conflict()));
        });
    }

    /** After a wait the strike comes too late, and the entry is looked at once more. */
    private Future<Void> harmless(Entry entry, Future<?> gone) {
        return entry instanceof Entry.Placeholder placeholder
                ? quiet.over(placeholder.stored(), gone)
                : Future.succeededFuture();
    }

    /** Where ETags name versions the removal is the change itself; elsewhere the tombstone was, and a sweep removes what stays of it. */
    private Future<Void> removed(GuardedRemoval strikes) {
        return store.upkeep().etagNamesVersion()
                ? strikes.remove()
                        .compose(gone -> gone ? Future.succeededFuture() : Future.failedFuture(new Conflict()))
                : strikes.remove().otherwise(false).mapEmpty();
    }

    /** Of a mark that was not answered nobody is told anything while it may still land. */
    private static Future<Boolean> toldWhenOver(GuardedRemoval strikes, Throwable cause) {
        Future<Boolean> failed = Future.failedFuture(cause);
        return cause instanceof Failure.Upstream ? strikes.over().compose(v -> failed) : failed;
    }
}
