package us.kbase.caching.lease;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.QuietTime;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Stored;
import us.kbase.caching.tally.LeaseTally;

/** Admits uploads that name a lease; one per event loop, on that loop's store. */
public final class LeaseAdmission {

    private final LeaseReader reader;
    private final InstantSource clock;
    private final QuietTime quiet;
    private final LeaseTally tally;

    /** For uploads into this store, at its time. */
    public LeaseAdmission(Vertx vertx, ObjectStore store, InstantSource clock) {
        this(vertx, store, clock, new LeaseTally());
    }

    /** The same, which counts leases that were lost. */
    public LeaseAdmission(Vertx vertx, ObjectStore store, InstantSource clock, LeaseTally tally) {
        this.tally = tally;
        this.reader = new LeaseReader(store, clock);
        this.clock = clock;
        this.quiet = new QuietTime(vertx, clock);
    }

    /**
     * Admits an upload that may publish only on the placeholder on which its lease holds, or once more on the result that it published
     * itself; refuses any other with {@code LeaseLost}. A renewal changes that placeholder and is no loss: the rules are asked again. The
     * store's condition decides, no clock does.
     *
     * @param check what the caller demands of the result that is there: none while a lease holds, then what was published under it
     * @param gone completes when the client has left: then nothing is waited for any longer
     */
    public Future<Admission> under(CacheId id, String tokenId, String secret, ResultCheck check, Future<?> gone) {
        return Admission.ask(
                new Admission.Upload(id, tokenId, LeaseMark.of(secret)),
                clock,
                () -> reader.read(id)
                        .map(seen -> {
                            Stored onto = LeaseRules.publish(seen, tokenId, secret);
                            check.check(seen.entry().result());
                            return onto;
                        })
                        .onFailure(cause -> LeaseService.tellLost(tally, cause))
                        .compose(onto -> quiet.over(onto, gone).map(Entry.unchanged(onto))));
    }
}
