package us.kbase.caching.lease;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryView;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.lease.LeaseRules.Answer;
import us.kbase.caching.lease.LeaseRules.Seen;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Conflict;

/**
 * Everybody on this node who waits for one id, in order of arrival. One look at the store serves them all, at most one look or
 * write is under way, and only the first who wants to compute tries to take a free lease: ten thousand waiters cost the store
 * as much as one. Nobody waits, or hears of the entry, before a look has shown that it is theirs. Lease loop only.
 */
final class WaitQueue {

    private static final Logger log = LoggerFactory.getLogger(WaitQueue.class);
    private static final Duration AFTER_FAULT = Duration.ofMillis(250);
    private static final Duration AFTER_FAULTS_MAX = Duration.ofSeconds(10);
    private static final long AFTER_DEADLINE_MILLIS = 20;

    /** Several nodes wait for the same deadline. */
    private static final Duration DEADLINE_SPREAD = Duration.ofMillis(100);

    private final Vertx vertx;
    private final LeaseStore store;
    private final CacheId id;
    private final Duration poll;
    private final Consumer<WaitQueue> emptied;
    private final Backoff backoff = new Backoff(AFTER_FAULT, AFTER_FAULTS_MAX);
    private final LinkedHashSet<Waiter> waiters = new LinkedHashSet<>();
    private Optional<LeaseRecord.Held> held = Optional.empty();
    private Optional<String> owner = Optional.empty();
    private boolean busy;
    private boolean again;
    private boolean conflicted;
    private long look;
    private long timer = -1;

    WaitQueue(Vertx vertx, LeaseStore store, CacheId id, Duration poll, Consumer<WaitQueue> emptied) {
        this.vertx = vertx;
        this.store = store;
        this.id = id;
        this.poll = poll;
        this.emptied = emptied;
    }

    void join(Waiter waiter) {
        waiters.add(waiter);
        waiter.notBeforeLook(busy ? look + 1 : look);
        if (waiter.patient()) {
            long ends = vertx.setTimer(waiter.request().waitSeconds() * 1000L, t -> timeOut(waiter));
            waiter.granted().onComplete(done -> vertx.cancelTimer(ends));
        }
        // Behind a running lease the next look is due anyway, for those whom the last one showed to be its owner.
        if (!waiter.patient() || !running() || !owns(waiter)) {
            wake();
        }
    }

    private boolean owns(Waiter waiter) {
        return owner.filter(waiter.tokenId()::equals).isPresent();
    }

    void leave(Waiter waiter) {
        if (waiters.remove(waiter)) {
            waiter.refuse(new Failure.ClientGone(null));
            closeIfEmpty();
        }
    }

    /** Who is not known to own the entry is answered by the next look, and is told nothing before. */
    private void timeOut(Waiter waiter) {
        waiter.waitIsOver();
        if (owns(waiter) && waiters.remove(waiter)) {
            waiter.grant(new LeaseAnswer.Pending(held));
            closeIfEmpty();
        }
    }

    /** Something may have changed: looks now, or once more if a look is under way. */
    void wake() {
        if (busy) {
            again = true;
            return;
        }
        busy = true;
        Steps.whileMore(this::look).onFailure(cause -> {
            log.error("A look at a lease went wrong here", cause);
            busy = false;
            timer = vertx.setTimer(backoff.nextMillis(), t -> wake());
        });
    }

    /** One look; whether another is due at once. */
    private Future<Boolean> look() {
        again = false;
        look++;
        vertx.cancelTimer(timer);
        return store.read(id)
                .compose(this::judge)
                .transform((judged, cause) -> Future.succeededFuture(cause == null ? rest() : failed(cause)));
    }

    private Future<Void> judge(Seen seen) {
        held = seen.note().held().filter(lease -> store.now().toEpochMilli() < lease.deadlineMillis());
        owner = seen.entry() instanceof Entry.Placeholder placeholder
                ? Optional.of(placeholder.tokenId())
                : Optional.empty();
        Optional<Take> taker = Optional.empty();
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.judgedBy(look)) {
                Optional<Take> take = answer(waiter, seen);
                taker = taker.isPresent() ? taker : take;
            } else if (!running() || !waiter.patient() || !owns(waiter)) {
                again = true;
            }
        }
        return taker.map(this::take).orElseGet(Future::succeededFuture);
    }

    private record Take(Waiter waiter, Answer.Take answer) {}

    /** Answers the waiter, or leaves it waiting, or finds that it would take. */
    private Optional<Take> answer(Waiter waiter, Seen seen) {
        try {
            switch (LeaseRules.ask(seen, waiter.tokenId(), waiter.request(), waiter.secret(), store.now())) {
                case Answer.Ready ready ->
                    finish(
                            waiter,
                            new LeaseAnswer.Ready(EntryView.of(id, ready.file()).metadata()));
                case Answer.Own own ->
                    finish(
                            waiter,
                            new LeaseAnswer.Leased(
                                    waiter.secret(), own.fencing(), own.held().deadlineSeconds()));
                case Answer.Take take -> {
                    return Optional.of(new Take(waiter, take));
                }
                case Answer.Pending pending -> {
                    if (!waiter.patient()) {
                        finish(waiter, new LeaseAnswer.Pending(pending.held()));
                    }
                }
            }
        } catch (Failure refused) {
            waiters.remove(waiter);
            waiter.refuse(refused);
        }
        return Optional.empty();
    }

    private Future<Void> take(Take take) {
        return store.numbered(take.answer().note())
                .compose(note ->
                        store.write(take.answer().placeholder(), note).compose(v -> taken(take.waiter(), note)));
    }

    private Future<Void> taken(Waiter waiter, LeaseRecord note) {
        if (!waiters.contains(waiter)) {
            return giveBack(waiter);
        }
        held = note.held();
        long deadline = held.map(LeaseRecord.Held::deadlineSeconds).orElse(0L);
        finish(waiter, new LeaseAnswer.Leased(waiter.secret(), note.fencing(), deadline));
        return Future.succeededFuture();
    }

    /** The client left while its lease was being written; a lease that cannot be given back runs out by itself. */
    private Future<Void> giveBack(Waiter waiter) {
        held = Optional.empty();
        again = true;
        return store.read(id)
                .compose(seen -> store.write(
                        LeaseRules.held(seen, waiter.tokenId(), waiter.secret()),
                        seen.note().holding(Optional.empty())))
                .recover(cause -> {
                    log.debug("The lease of a client that left runs out by itself: {}", cause.toString());
                    return Future.succeededFuture();
                });
    }

    private boolean failed(Throwable cause) {
        if (cause instanceof Conflict) {
            again = !conflicted; // one is another's success and seen at once; more in a row make us slower
            conflicted = true;
        } else {
            if (!(cause instanceof Failure)) {
                log.warn("A look at a lease failed", cause);
            }
            // Who has been told nothing yet hears of the fault; who waits already may see it end.
            again = false;
            List.copyOf(waiters).stream()
                    .filter(waiter -> !owns(waiter) || !waiter.patient())
                    .forEach(waiter -> {
                        waiters.remove(waiter);
                        waiter.refuse(cause);
                    });
        }
        return idle(backoff::nextMillis);
    }

    private boolean rest() {
        backoff.reset();
        conflicted = false;
        return idle(this::untilNextLook);
    }

    /** Nothing is under way: whether the next look is due now; it comes later else. */
    private boolean idle(LongSupplier pauseMillis) {
        busy = false;
        if (closeIfEmpty()) {
            return false;
        }
        if (again) {
            busy = true;
            return true;
        }
        if (running()) {
            List.copyOf(waiters).stream()
                    .filter(waiter -> !waiter.patient() && waiter.judgedBy(look))
                    .forEach(waiter -> finish(waiter, new LeaseAnswer.Pending(held)));
        }
        if (!closeIfEmpty()) {
            timer = vertx.setTimer(pauseMillis.getAsLong(), t -> wake());
        }
        return false;
    }

    private long untilNextLook() {
        long usual = backoff.aroundMillis(poll);
        return held.map(lease -> lease.deadlineMillis() - store.now().toEpochMilli())
                .map(left -> Math.max(0, left) + AFTER_DEADLINE_MILLIS + backoff.aroundMillis(DEADLINE_SPREAD))
                .map(left -> Math.min(left, usual))
                .orElse(usual);
    }

    private boolean running() {
        return held.filter(lease -> store.now().toEpochMilli() < lease.deadlineMillis())
                .isPresent();
    }

    private void finish(Waiter waiter, LeaseAnswer grant) {
        waiters.remove(waiter);
        waiter.grant(grant);
    }

    @CanIgnoreReturnValue
    private boolean closeIfEmpty() {
        if (busy || !waiters.isEmpty()) {
            return false;
        }
        vertx.cancelTimer(timer);
        emptied.accept(this);
        return true;
    }
}
