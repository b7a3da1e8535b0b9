package us.kbase.caching.testing;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** A store that notes which keys it is asked about; a test may replace what it does. */
public class WatchedStore implements ObjectStore {

    private final ObjectStore inner;
    private final List<String> keys = new CopyOnWriteArrayList<>();

    public WatchedStore(ObjectStore inner) {
        this.inner = inner;
    }

    /** Every key since the last {@link #forget}, in order. */
    public List<String> keys() {
        return List.copyOf(keys);
    }

    public void forget() {
        keys.clear();
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        keys.add(key);
        return inner.head(key);
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        keys.add(key);
        return inner.get(key, range, etag);
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        keys.add(key);
        return inner.put(key, body, metadata, guard);
    }

    @Override
    public Future<Void> delete(String key) {
        keys.add(key);
        return inner.delete(key);
    }

    @Override
    public Future<Page> list(String after, int limit) {
        return inner.list(after, limit);
    }

    @Override
    public Upkeep upkeep() {
        return inner.upkeep();
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
