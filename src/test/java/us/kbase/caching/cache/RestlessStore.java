package us.kbase.caching.cache;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.testing.UnaskedStore;

/** A store in which somebody else is always faster: no condition ever holds. */
final class RestlessStore extends UnaskedStore {

    private static final int TRIES_MAX = 1000;

    /** The metadata of what is there whenever it is looked at; empty for nothing. */
    Map<String, String> present = Map.of();

    private int tries;

    @Override
    public Future<Optional<Stored>> head(String key) {
        return Future.succeededFuture(
                present.isEmpty() ? Optional.empty() : Optional.of(new Stored(key, "\"" + tries + "\"", 0, present)));
    }

    @Override
    public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
        return refused(guard, guard.first());
    }

    private Future<String> refused(Guard guard, Precondition condition) {
        if (++tries > TRIES_MAX) {
            throw new AssertionError("tried for ever, last under " + condition);
        }
        return guard.afterConflict().compose(next -> refused(guard, next));
    }
}
