package us.kbase.caching.store.s3.upload;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.store.s3.lane.LookTimes;

/**
 * Decides when a part may begin. Parts at full speed slow everybody's small calls, so while those are much slower than usual, parts
 * begin one by one; otherwise they begin at once (docs/adr/0028). One per event loop, on that loop only.
 */
public final class PartThrottle {

    private static final long CHANGE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long WAIT_MILLIS_MAX = 5_000;

    private final Vertx vertx;
    private final LongSupplier nanoTime;
    private final LookTimes times = new LookTimes();
    private final Deque<Promise<Turn>> waiting = new ArrayDeque<>();
    private int allowed = Integer.MAX_VALUE;
    private int taken;
    private boolean beginning;
    private long answeredNanos;
    private long changedNanos;

    public PartThrottle(Vertx vertx, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.nanoTime = nanoTime;
        this.answeredNanos = nanoTime.getAsLong() - QUIET_NANOS;
        this.changedNanos = answeredNanos;
    }

    /** A turn, in the order of asking, within five seconds: a client must not see its upload stand still. Its owner ends it. */
    Future<Turn> next() {
        Promise<Turn> promise = CallersContext.promise();
        waiting.add(promise);
        begin();
        if (!promise.future().isComplete()) {
            long timer = vertx.setTimer(WAIT_MILLIS_MAX, id -> {
                if (waiting.remove(promise)) {
                    begin(promise);
                }
            });
            promise.future().onComplete(begun -> vertx.cancelTimer(timer));
        }
        return promise.future();
    }

    /** Learns from a look that was answered now, as long after it was ready to be sent. */
    public void looked(long tookNanos) {
        long now = nanoTime.getAsLong();
        times.add(now, tookNanos);
        answeredNanos = now;
        if (now - changedNanos < CHANGE_NANOS) {
            return; // what was changed last has to be seen first
        }
        changedNanos = now;
        if (times.areLong()) {
            allowed = Math.max(1, Math.min(allowed, taken) / 2);
        } else if (allowed < taken + waiting.size()) {
            allowed++;
        } else {
            allowed = Integer.MAX_VALUE;
        }
        begin();
    }

    private void begin() {
        if (nanoTime.getAsLong() - answeredNanos >= QUIET_NANOS) {
            allowed = Integer.MAX_VALUE; // nobody has small calls
        }
        if (beginning) {
            return; // a part that ended at once: the loop below goes on
        }
        beginning = true;
        while (taken < allowed && !waiting.isEmpty()) {
            begin(waiting.poll());
        }
        beginning = false;
    }

    private void begin(Promise<Turn> promise) {
        taken++;
        promise.complete(new Turn());
    }

    /** A part's time to be sent. */
    final class Turn {
        private static final long LOOK_MILLIS = 50;
        private static final int STARVED_LOOKS = 3;

        private long timer;
        private int starvedLooks;
        private boolean ended;

        /** Ends the turn early when the sender is slow: that part is no load for the store, and nobody is to wait for it. */
        void endWhenStarved(BooleanSupplier waitsForSender) {
            timer = vertx.setPeriodic(LOOK_MILLIS, id -> {
                starvedLooks = waitsForSender.getAsBoolean() ? starvedLooks + 1 : 0;
                if (starvedLooks == STARVED_LOOKS) {
                    end();
                }
            });
        }

        /** The next may begin. May be called again. */
        void end() {
            if (!ended) {
                ended = true;
                vertx.cancelTimer(timer);
                taken--;
                begin();
            }
        }
    }
}
