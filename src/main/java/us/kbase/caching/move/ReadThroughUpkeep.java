package us.kbase.caching.move;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
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
                .<GuardedRemoval>map(etag -> new OfPrevious(seen.stored().key(), etag, marker))
                .orElseGet(() -> new OfOwn(seen, own.upkeep().arm(seen, marker)));
    }

    /**
     * Removes what lies in the previous store, and then marks its place in the new one. The marker stays: a late copy must find it, and a
     * sweep removes it when none can come any more.
     */
    private final class OfPrevious implements GuardedRemoval {
        private final String key;
        private final String etag;
        private final Map<String, String> marker;

        OfPrevious(String key, String etag, Map<String, String> marker) {
            this.key = key;
            this.etag = etag;
            this.marker = marker;
        }

        @Override
        public Future<Boolean> mark() {
            return previous.head(key)
                    .compose(there -> there.filter(stored -> stored.etag().equals(etag))
                                    .isEmpty()
                            ? Future.succeededFuture(false)
                            : previous.delete(key).compose(v -> own.head(key)).compose(this::marked));
        }

        private Future<Boolean> marked(Optional<Stored> found) {
            Guard guard = Guard.once(ReadThroughStore.inPlaceOf(found));
            return ReadThroughStore.held(own.put(key, ReadThroughStore.marker(), marker, guard));
        }

        @Override
        public Future<Boolean> remove() {
            return Future.succeededFuture(true);
        }
    }

    /** Removes what lies in the new store, and before that what it hides. */
    private final class OfOwn implements GuardedRemoval {
        private final String key;
        private final GuardedRemoval strikes;
        private boolean hides;

        OfOwn(Observation seen, GuardedRemoval strikes) {
            this.key = seen.stored().key();
            this.strikes = strikes;
        }

        @Override
        public Future<Boolean> mark() {
            return previous.head(key)
                    .compose(there -> {
                        hides = there.isPresent();
                        return hides ? previous.delete(key) : Future.succeededFuture();
                    })
                    .compose(v -> strikes.mark());
        }

        /** A marker that a late copy must find stays until a sweep; where none was put, there is only this. */
        @Override
        public Future<Boolean> remove() {
            return hides && !etagNamesVersion() ? Future.succeededFuture(true) : strikes.remove();
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
                .compose(found -> (isPrevious(found) ? previous : own).upkeep().used(key, epochDay));
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
    public Future<List<OpenUpload>> openUploads(Optional<OpenUpload> after, int limit) {
        return own.upkeep().openUploads(after, limit);
    }

    @Override
    public Future<Void> abort(OpenUpload upload) {
        return own.upkeep().abort(upload);
    }
}
