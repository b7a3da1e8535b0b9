package us.kbase.caching.cache;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.pace.CallersContext;

/**
 * Waits until tombstones are gone, or may be written over. However many wait for one id, the store is asked by one poll, which ends
 * when the last of them has left. One event loop.
 */
final class Tombstones {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration POLL_MAX = Duration.ofSeconds(1);

    /** Strikes last ten seconds; what stands longer was written by a clock that is off. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final EntryReader entries;
    private final Map<CacheId, Watch> watches = new HashMap<>();

    Tombstones(Vertx vertx, EntryReader entries) {
        this.vertx = vertx;
        this.entries = entries;
    }

    /** Whether a strike that the tombstone tells of may still land. */
    boolean isStruck(Entry entry) {
        return entry instanceof Entry.Tombstone tombstone
                && entries.now() <= tombstone.strikesUntilEpochSeconds() + EntryMetadata.TOMBSTONE_SLACK.toSeconds();
    }

    /**
     * What is there once it is no tombstone any more, or one that may be written over. Fails as the store does, and with {@code
     * Busy} where it takes too long.
     *
     * @param gone completes when the client has left: nobody asks for it any more
     */
    Future<Entry> passed(CacheId id, Future<?> gone) {
        Promise<Entry> waiter = CallersContext.promise();
        Watch watch = watches.computeIfAbsent(id, Watch::new);
        watch.join(waiter);
        gone.onComplete(left -> watch.leave(waiter));
        return waiter.future();
    }

    private final class Watch {
        private final CacheId id;
        private final Set<Promise<Entry>> waiters = new LinkedHashSet<>();
        private final Backoff backoff = new Backoff(POLL, POLL_MAX);
        private final long begunNanos = System.nanoTime();
        private long timer = -1;

        Watch(CacheId id) {
            this.id = id;
        }

        void join(Promise<Entry> waiter) {
            waiters.add(waiter);
            if (waiters.size() == 1) {
                pollLater();
            }
        }

        void leave(Promise<Entry> waiter) {
            if (waiters.remove(waiter) && waiters.isEmpty()) {
                vertx.cancelTimer(timer);
                watches.remove(id, this);
            }
            waiter.tryFail(new Failure.ClientGone(null));
        }

        private void pollLater() {
            timer = vertx.setTimer(backoff.nextMillis(), t -> entries.read(id).onComplete(this::read));
        }

        private void read(AsyncResult<Entry> read) {
            if (waiters.isEmpty()) {
                return; // all left while the store answered
            }
            boolean late = System.nanoTime() - begunNanos > WAIT_MAX.toNanos();
            if (read.succeeded() && isStruck(read.result()) && !late) {
                pollLater();
                return;
            }
            watches.remove(id, this);
            for (Promise<Entry> waiter : List.copyOf(waiters)) {
                if (read.failed()) {
                    waiter.tryFail(read.cause());
                } else if (isStruck(read.result())) {
                    waiter.tryFail(new Failure.Busy("The entry is being removed; try again"));
                } else {
                    waiter.tryComplete(read.result());
                }
            }
        }
    }
}
