package us.kbase.caching.expiry;

import io.vertx.core.Future;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.pace.ForEachConcurrently;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;

/** Walks through all objects of a store, and removes those that are entries of this service. Used on one event loop. */
public final class Purge {

    private static final int PAGE = 1000;
    private static final int IN_FLIGHT = 32;

    /** What was found: entries of this service, and objects of others, which stay. */
    public record Count(long entries, long foreign) {
        private Count plus(boolean entry) {
            return entry ? new Count(entries + 1, foreign) : new Count(entries, foreign + 1);
        }
    }

    private interface OnEntry {
        Future<Void> apply(String key);
    }

    private final ObjectStore store;
    private Count count = new Count(0, 0);
    private String after = "";

    /** A walk over a store. */
    public Purge(ObjectStore store) {
        this.store = store;
    }

    /** Counts, and changes nothing. */
    public Future<Count> count() {
        return walk(key -> Future.succeededFuture());
    }

    /** Removes every entry of this service, also those in use. */
    public Future<Count> remove() {
        return walk(store::delete);
    }

    private Future<Count> walk(OnEntry action) {
        count = new Count(0, 0);
        after = "";
        return Steps.whileMore(() -> page(action)).map(v -> count);
    }

    private Future<Boolean> page(OnEntry action) {
        return store.list(after, PAGE).compose(page -> {
            boolean more = page.more() && !page.keys().isEmpty();
            after = more ? last(page) : after;
            return ForEachConcurrently.each(page.keys(), IN_FLIGHT, key -> one(key, action))
                    .map(more);
        });
    }

    private Future<Void> one(String key, OnEntry action) {
        if (CacheId.parse(key).isEmpty()) {
            count = count.plus(false);
            return Future.succeededFuture(); // some such keys cannot even be asked for
        }
        return store.head(key).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture();
            }
            boolean entry = !(Entry.of(found, 0) instanceof Entry.Foreign);
            count = count.plus(entry);
            return entry ? action.apply(key) : Future.succeededFuture();
        });
    }

    private static String last(Page page) {
        return page.keys().get(page.keys().size() - 1);
    }
}
