package us.kbase.caching.lease;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** A store that counts its calls, and keeps conditions or forgets them. */
final class CountingStore implements ObjectStore {

    /** What the store does with conditions. */
    enum Conditions {
        KEPT,
        IGNORED
    }

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();

    /** Refuses every call, as a store does that is down. */
    volatile boolean down;

    /** Answers no read. */
    volatile boolean silent;

    /** Somebody else is always faster: no condition holds. */
    volatile boolean restless;

    private final ObjectStore store;
    private final Conditions conditions;

    CountingStore(ObjectStore store, Conditions conditions) {
        this.store = store;
        this.conditions = conditions;
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        reads.incrementAndGet();
        return store.head(key);
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        reads.incrementAndGet();
        if (silent) {
            return Promise.<Optional<Download>>promise().future();
        }
        return down ? Future.failedFuture(new Failure.Upstream("down", null)) : store.get(key, range, etag);
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        writes.incrementAndGet();
        if (down) {
            return Future.failedFuture(new Failure.Upstream("down", null));
        }
        if (restless) {
            return Future.failedFuture(new Conflict());
        }
        return store.put(key, body, metadata, conditions == Conditions.KEPT ? guard : unguarded(key));
    }

    private Guard unguarded(String key) {
        return new Guard() {
            @Override
            public Precondition first() {
                return new Precondition.Absent();
            }

            @Override
            public Future<Precondition> afterConflict() {
                return store.head(key)
                        .map(found -> found.<Precondition>map(stored -> new Precondition.Matches(stored.etag()))
                                .orElseGet(Precondition.Absent::new));
            }
        };
    }

    @Override
    public Future<Void> delete(String key) {
        return store.delete(key);
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return store.list(after, limit);
    }

    @Override
    public Upkeep upkeep() {
        return store.upkeep();
    }

    @Override
    public Future<Void> prepare() {
        return store.prepare();
    }

    @Override
    public Future<Void> close() {
        return store.close();
    }
}
