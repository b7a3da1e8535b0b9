package us.kbase.caching.testing;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** A store that nothing may ask; a test's store extends it by the calls that are expected, and any other fails the test. */
public abstract class UnaskedStore implements ObjectStore {

    private static AssertionError unasked(String call) {
        return new AssertionError("nothing should call " + call + " here");
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        throw unasked("head");
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        throw unasked("get");
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        throw unasked("put");
    }

    @Override
    public Future<Void> delete(String key) {
        throw unasked("delete");
    }

    @Override
    public Future<Page> list(String after, int limit) {
        throw unasked("list");
    }

    @Override
    public Upkeep upkeep() {
        throw unasked("upkeep");
    }

    @Override
    public Future<Void> prepare() {
        throw unasked("prepare");
    }

    @Override
    public Future<Void> close() {
        throw unasked("close");
    }
}
