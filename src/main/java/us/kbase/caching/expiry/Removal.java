package us.kbase.caching.expiry;

import io.vertx.core.Future;
import java.util.Map;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.expiry.Inspection.Seen;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Upkeep;

/**
 * Takes one expired object away: sign first, look second, strike third. The strikes are good for ten seconds from a time that the
 * store itself named before the look, so whoever is paused between look and strike comes too late for the store, and nobody
 * publishes what the look did not see while a strike may still land.
 */
final class Removal {

    /** What became of it. */
    enum Outcome {
        /** A result's content is gone; what took its place goes later. */
        BURIED,
        /** Nothing is left. */
        REMOVED,
        /** It changed, was used, or time was up: the next sweep sees it again. */
        SPARED
    }

    private final Upkeep upkeep;
    private final Inspection inspection;

    Removal(Upkeep upkeep, Inspection inspection) {
        this.upkeep = upkeep;
        this.inspection = inspection;
    }

    /** Removes what lies under a key, if it is still expired. */
    Future<Outcome> remove(String key) {
        return inspection
                .look(key)
                .compose(found -> found.filter(seen -> seen.verdict().isExpired())
                        .map(this::arm)
                        .orElseGet(() -> Future.succeededFuture(Outcome.SPARED)));
    }

    private Future<Outcome> arm(Seen seen) {
        GuardedRemoval strikes = upkeep.arm(seen.observation(), marker(seen));
        return inspection
                .look(seen.observation().stored().key())
                .compose(again ->
                        again.filter(seen::isSame).isPresent() ? strikes.mark() : Future.succeededFuture(false))
                .compose(marked -> {
                    if (!marked) {
                        return Future.succeededFuture(Outcome.SPARED);
                    }
                    return seen.verdict() == Verdict.BURY
                            ? Future.succeededFuture(Outcome.BURIED)
                            : strikes.remove().map(removed -> removed ? Outcome.REMOVED : Outcome.SPARED);
                });
    }

    private Map<String, String> marker(Seen seen) {
        Observation observation = seen.observation();
        return seen.verdict() == Verdict.BURY
                ? EntryMetadata.burying(observation.stored())
                : EntryMetadata.tombstone(
                        observation.stored(),
                        observation.at().plus(upkeep.strikeWindow()).getEpochSecond());
    }
}
