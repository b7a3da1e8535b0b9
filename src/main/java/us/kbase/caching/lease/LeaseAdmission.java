package us.kbase.caching.lease;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.QuietTime;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;

/** Admits uploads that name a lease; one per event loop, on that loop's store. */
public final class LeaseAdmission {

    private final LeaseStore store;
    private final QuietTime quiet;

    /** For uploads into this store, at its time. */
    public LeaseAdmission(Vertx vertx, ObjectStore store, InstantSource clock) {
        this.store = new LeaseStore(store, clock);
        this.quiet = new QuietTime(vertx, clock);
    }

    /**
     * An upload that may publish only on the placeholder on which its lease holds. A renewal changes that placeholder and is no
     * loss: the admission is asked again. The store's condition decides, no clock does.
     */
    public Admission under(CacheId id, String tokenId, String secret) {
        return () -> store.read(id)
                .map(seen -> LeaseRules.held(seen, tokenId, secret))
                .compose(placeholder -> quiet.over(placeholder.stored())
                        .map(new Precondition.Matches(placeholder.stored().etag())));
    }
}
