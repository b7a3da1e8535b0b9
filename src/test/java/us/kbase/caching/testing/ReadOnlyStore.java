package us.kbase.caching.testing;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;

/** A store of which only {@code get} is called, and answered by the test. */
public final class ReadOnlyStore implements ObjectStore {

    private final BiFunction<ByteRange, Optional<String>, Future<Optional<Download>>> answer;

    public ReadOnlyStore(BiFunction<ByteRange, Optional<String>, Future<Optional<Download>>> answer) {
        this.answer = answer;
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return answer.apply(range, etag);
    }

    @Override
    public Future<Optional<Stored>> head(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> delete(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Page> list(String after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Upkeep upkeep() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> prepare() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> close() {
        throw new UnsupportedOperationException();
    }
}
