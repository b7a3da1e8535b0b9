package us.kbase.caching.move;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** Upkeep of what {@link ReadThroughStore} shows. A sweep is not its business: that looks at the new store alone. */
final class ReadThroughUpkeep implements Upkeep {

    private final ObjectStore own;
    private final ObjectStore previous;
    private final InstantSource clock;
    private final Function<String, Future<Optional<Stored>>> shown;

    ReadThroughUpkeep(
            ObjectStore own,
            ObjectStore previous,
            InstantSource clock,
            Function<String, Future<Optional<Stored>>> shown) {
        this.own = own;
        this.previous = previous;
        this.clock = clock;
        this.shown = shown;
    }

    @Override
    public Duration strikeWindow() {
        return own.upkeep().strikeWindow();
    }

    @Override
    public boolean etagNamesVersion() {
        return own.upkeep().etagNamesVersion();
    }

    @Override
    public Future<Optional<Observation>> look(String key) {
        Instant at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return shown.apply(key)
                .compose(found -> isPrevious(found)
                        ? Future.succeededFuture(found.map(stored -> new Observation(stored, at)))
                        : own.upkeep().look(key));
    }

    private static boolean isPrevious(Optional<Stored> found) {
        return found.filter(stored -> PreviousVersion.etag(stored.etag()).isPresent())
                .isPresent();
    }

    @Override
    public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
        return PreviousVersion.etag(seen.stored().etag())
                .<GuardedRemoval>map(etag -> new OfPrevious(seen.stored(), marker))
                .orElseGet(() -> new OfOwn(seen.stored(), own.upkeep().arm(seen, marker)));
    }

    /**
     * Removes what lies in the previous store, and then marks its place in the new one. The marker stays: a late copy must find it, and a
     * sweep removes it when none can come any more.
     */
    private final class OfPrevious implements GuardedRemoval {
        private final Stored seen;
        private final Map<String, String> marker;

        OfPrevious(Stored seen, Map<String, String> marker) {
            this.seen = seen;
            this.marker = marker;
        }

        /** An ETag may name bytes: the same ones may be another's by now. */
        @Override
        public Future<Boolean> mark() {
            return previous.head(seen.key())
                    .compose(there -> there.map(PreviousVersion::shown)
                                    .filter(seen::isSameVersion)
                                    .isEmpty()
                            ? Future.succeededFuture(false)
                            : previous.delete(seen.key())
                                    .compose(v -> own.head(seen.key()))
                                    .compose(this::marked));
        }

        private Future<Boolean> marked(Optional<Stored> found) {
            return put(seen.key(), etagNamesVersion() ? unstruck(seen) : marker, ReadThroughStore.inPlaceOf(found));
        }

        @Override
        public Future<Boolean> remove() {
            return Future.succeededFuture(true);
        }
    }

    /** Where ETags name versions no strike is ever late, and nobody waits for one. */
    private Map<String, String> unstruck(Stored gone) {
        return MoveRules.tombstone(gone, clock.instant().getEpochSecond());
    }

    private Future<Boolean> put(String key, Map<String, String> marker, Precondition condition) {
        return ReadThroughStore.held(own.put(key, ReadThroughStore.marker(), marker, Guard.once(condition)));
    }

    /** Replaces what lies in the new store by the marker, which stays too, and before that removes what it hides. */
    private final class OfOwn implements GuardedRemoval {
        private final Stored seen;
        private final GuardedRemoval strikes;

        OfOwn(Stored seen, GuardedRemoval strikes) {
            this.seen = seen;
            this.strikes = strikes;
        }

        /** A result that came to the previous store since, and counts, is none that was seen. */
        @Override
        public Future<Boolean> mark() {
            return shown.apply(seen.key())
                    .compose(found -> found.filter(seen::isSameVersion).isEmpty()
                            ? Future.succeededFuture(false)
                            : previous.head(seen.key())
                                    .compose(there ->
                                            there.isEmpty() ? Future.succeededFuture() : previous.delete(seen.key()))
                                    .compose(v -> marked()));
        }

        private Future<Boolean> marked() {
            return etagNamesVersion()
                    ? put(seen.key(), unstruck(seen), new Precondition.Matches(seen.etag()))
                    : strikes.mark();
        }

        @Override
        public Future<Boolean> remove() {
            return Future.succeededFuture(true);
        }

        @Override
        public Future<Void> over() {
            return strikes.over();
        }
    }

    @Override
    public Future<OptionalLong> lastUsed(String key) {
        return Future.all(own.upkeep().lastUsed(key), previous.upkeep().lastUsed(key))
                .map(both -> later(both.resultAt(0), both.resultAt(1)));
    }

    static OptionalLong later(OptionalLong one, OptionalLong other) {
        return one.isEmpty() || other.isPresent() && other.getAsLong() > one.getAsLong() ? other : one;
    }

    @Override
    public Future<Void> used(String key, long epochDay) {
        return shown.apply(key)
                .compose(found -> isPrevious(found)
                        ? usedInPrevious(key, epochDay)
                        : own.upkeep().used(key, epochDay));
    }

    /** That it keeps no notes says nothing of the new store. */
    private Future<Void> usedInPrevious(String key, long epochDay) {
        return previous.upkeep()
                .used(key, epochDay)
                .recover(cause -> cause instanceof UnsupportedOperationException
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause));
    }

    @Override
    public Optional<String> foundDamaged(String key) {
        return own.upkeep().foundDamaged(key).or(() -> previous.upkeep().foundDamaged(key));
    }

    @Override
    public Future<Long> fencing(long atLeast) {
        return own.upkeep().fencing(atLeast);
    }

    @Override
    public Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
        return own.upkeep().openUploads(after, limit);
    }

    @Override
    public Future<Boolean> gotPartSince(Instant time, OpenUpload upload) {
        return own.upkeep().gotPartSince(time, upload);
    }

    @Override
    public Future<Void> abort(OpenUpload upload) {
        return own.upkeep().abort(upload);
    }
}
