package us.kbase.caching.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** A store whose upkeep asks before each of its steps, and so can be held between any two of them. */
public final class SteppedStore implements ObjectStore {

    private final ObjectStore inner;
    private final BiFunction<String, String, Future<Void>> before;

    /** Asks {@code before(step, key)} before {@code look}, {@code lastUsed}, {@code mark} and {@code remove}. */
    public SteppedStore(ObjectStore inner, BiFunction<String, String, Future<Void>> before) {
        this.inner = inner;
        this.before = before;
    }

    @Override
    public Upkeep upkeep() {
        return new Stepped(inner.upkeep());
    }

    private final class Stepped implements Upkeep {
        private final Upkeep upkeep;

        Stepped(Upkeep upkeep) {
            this.upkeep = upkeep;
        }

        @Override
        public Duration strikeWindow() {
            return upkeep.strikeWindow();
        }

        @Override
        public boolean etagNamesVersion() {
            return upkeep.etagNamesVersion();
        }

        @Override
        public Future<Optional<Observation>> look(String key) {
            return before.apply("look", key).compose(v -> upkeep.look(key));
        }

        @Override
        public GuardedRemoval arm(Observation seen, Map<String, String> marker) {
            GuardedRemoval strikes = upkeep.arm(seen, marker);
            String key = seen.stored().key();
            return new GuardedRemoval() {
                @Override
                public Future<Boolean> mark() {
                    return before.apply("mark", key).compose(v -> strikes.mark());
                }

                @Override
                public Future<Boolean> remove() {
                    return before.apply("remove", key).compose(v -> strikes.remove());
                }
            };
        }

        @Override
        public Future<OptionalLong> lastUsed(String key) {
            return before.apply("lastUsed", key).compose(v -> upkeep.lastUsed(key));
        }

        @Override
        public Future<Void> used(String key, long epochDay) {
            return upkeep.used(key, epochDay);
        }

        @Override
        public Future<OpenUpload.Page> openUploads(Optional<OpenUpload> after, int limit) {
            return upkeep.openUploads(after, limit);
        }

        @Override
        public Future<Void> abort(OpenUpload upload) {
            return upkeep.abort(upload);
        }
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        return inner.head(key);
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return inner.get(key, range, etag);
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        return inner.put(key, body, metadata, guard);
    }

    @Override
    public Future<Void> delete(String key) {
        return inner.delete(key);
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return inner.list(after, limit);
    }

    @Override
    public Future<Void> prepare() {
        return inner.prepare();
    }

    @Override
    public Future<Void> close() {
        return inner.close();
    }
}
