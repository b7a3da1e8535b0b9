package us.kbase.caching.testing;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BiFunction;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;

/** A store of which only {@code get} is called, and answered by the test. */
public final class ReadOnlyStore extends UnaskedStore {

    private final BiFunction<ByteRange, Optional<String>, Future<Optional<Download>>> answer;

    public ReadOnlyStore(BiFunction<ByteRange, Optional<String>, Future<Optional<Download>>> answer) {
        this.answer = answer;
    }

    @Override
    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
        return answer.apply(range, etag);
    }
}
