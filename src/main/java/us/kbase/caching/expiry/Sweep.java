package us.kbase.caching.expiry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.pace.ForEachConcurrently;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.StoreTime;

/**
 * One walk through a store, page by page: each step is bounded in work and memory, and the next one goes on behind its last key.
 * Event loop of its store.
 */
public final class Sweep {

    private static final Logger log = LoggerFactory.getLogger(Sweep.class);
    private static final int PAGE = 1000;
    private static final int LOOKS_IN_FLIGHT = 32;
    private static final int REMOVALS_IN_FLIGHT = 16;
    private static final Duration CLOCK_ERROR_MAX = Duration.ofMinutes(5);
    private static final int EXPIRED_UNSUSPICIOUS = 100;
    private static final int EXPIRED_PERCENT_MAX = 20;

    private final Vertx vertx;
    private final ObjectStore store;
    private final StoreTime time;
    private final SweepOptions options;
    private final Inspection inspection;
    private final Removal removal;
    private final DelayedRemovals removals;
    private final SweepCounts counts = new SweepCounts();
    private String after = "";
    private boolean listed;
    private boolean uploadsDone;

    /** A sweep that has not begun. */
    public Sweep(Vertx vertx, ObjectStore store, StoreTime time, SweepOptions options) {
        this.vertx = vertx;
        this.store = store;
        this.time = time;
        this.options = options;
        this.inspection = new Inspection(store.upkeep());
        this.removal = new Removal(store.upkeep(), inspection);
        this.removals = new DelayedRemovals(time);
    }

    /** Steps until the end; the result also tells of an early stop. Fails when the store does not answer. */
    public Future<SweepReport> run() {
        return Steps.whileMore(this::step).map(v -> report());
    }

    /** One step: at most a page of keys. Gives whether more is to be done. */
    public Future<Boolean> step() {
        if (!uploadsDone) {
            uploadsDone = true;
            return uploads().map(true);
        }
        if (listed || removals.size() >= DelayedRemovals.MAX) {
            return removals.size() == 0 ? Future.succeededFuture(false) : waitForRemovals();
        }
        return store.list(after, PAGE).compose(this::page).map(v -> !counts.isStopped());
    }

    /** What was found and done so far. */
    public SweepReport report() {
        return counts.report();
    }

    private Future<Void> uploads() {
        return new AbandonedUploads(store, time, options.uploadGrace(), counts)
                .end(options.effect())
                .onFailure(cause -> log.warn("Open uploads could not be listed: {}", cause.toString()))
                .otherwiseEmpty();
    }

    private Future<Boolean> waitForRemovals() {
        long millis = Math.max(1, removals.untilDue().toMillis());
        return vertx.timer(millis).compose(v -> remove(removals.due())).map(true);
    }

    private Future<Void> page(Page page) {
        if (time.error().abs().compareTo(CLOCK_ERROR_MAX) > 0) {
            stop("the local clock is off the store's by " + time.error().toSeconds()
                    + " s; set the clock, then sweep again");
            return Future.succeededFuture();
        }
        counts.add(SweepCounts.Of.OBJECTS, page.objects().size());
        listed = !page.more() || page.objects().isEmpty();
        after = page.objects().isEmpty()
                ? after
                : page.objects().get(page.objects().size() - 1).key();
        Scan scan = new Scan();
        return ForEachConcurrently.each(page.objects(), LOOKS_IN_FLIGHT, scan::look)
                .compose(v -> judge(scan));
    }

    /** What one page holds. */
    private final class Scan {
        private final List<String> expired = new ArrayList<>();
        private long ours;

        Future<?> look(Listed object) {
            if (CacheId.parse(object.key()).isEmpty()) {
                counts.add(SweepCounts.Of.FOREIGN);
                return Future.succeededFuture();
            }
            if (object.modified().plus(options.youngest()).isAfter(time.instant())) {
                ours++;
                return Future.succeededFuture();
            }
            return inspection
                    .look(object.key())
                    .onSuccess(found -> found.ifPresent(seen -> count(object.key(), seen.verdict())))
                    .otherwise(cause -> {
                        failed(object.key(), cause);
                        return java.util.Optional.empty();
                    });
        }

        private void count(String key, Verdict verdict) {
            if (verdict == Verdict.FOREIGN) {
                counts.add(SweepCounts.Of.FOREIGN);
                return;
            }
            ours++;
            counts.add(SweepCounts.Of.ENTRIES);
            if (verdict == Verdict.REMOVE_LATER) {
                removals.add(key);
            } else if (verdict.isExpired()) {
                counts.add(SweepCounts.Of.EXPIRED);
                expired.add(key);
            }
        }

        boolean isSuspicious() {
            return expired.size() >= EXPIRED_UNSUSPICIOUS && expired.size() * 100L > ours * EXPIRED_PERCENT_MAX;
        }
    }

    private Future<Void> judge(Scan scan) {
        if (scan.isSuspicious() && options.stops() == SweepOptions.Stops.HEED) {
            stop(scan.expired.size() + " of " + scan.ours + " entries up to key " + after
                    + " have expired, which is suspiciously many: check clocks and configuration;"
                    + " caching-service expire --force removes them");
            return Future.succeededFuture();
        }
        if (options.effect() == SweepOptions.Effect.COUNT) {
            removals.clear();
            return Future.succeededFuture();
        }
        return remove(scan.expired).compose(v -> remove(removals.due()));
    }

    private Future<Void> remove(List<String> keys) {
        return ForEachConcurrently.each(
                keys,
                REMOVALS_IN_FLIGHT,
                key -> removal.remove(key)
                        .onSuccess(outcome -> done(key, outcome))
                        .onFailure(cause -> failed(key, cause))
                        .otherwise(Removal.Outcome.SPARED));
    }

    private void done(String key, Removal.Outcome outcome) {
        switch (outcome) {
            case BURIED -> removals.add(key);
            case REMOVED -> counts.add(SweepCounts.Of.REMOVED);
            case SPARED -> counts.add(SweepCounts.Of.SPARED);
        }
    }

    private void failed(String key, Throwable cause) {
        counts.add(SweepCounts.Of.FAILED);
        log.debug("Sweep: {}: {}", key, cause.toString());
    }

    private void stop(String why) {
        log.error("The sweep stopped: {}.", why);
        counts.stop(why);
    }
}
