package us.kbase.caching.lease;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import us.kbase.caching.cache.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.lease.LeaseRules.Answer;
import us.kbase.caching.lease.LeaseRules.Seen;
import us.kbase.caching.store.Conflict;

/**
 * Everybody on this node who waits for one id, in order of arrival. One look at the store serves them all, at most one look or
 * write is under way, and only the first who wants to compute tries to take a free lease: ten thousand waiters cost the store
 * as much as one. Lease loop only.
 */
final class Line {

    private static final long AFTER_DEADLINE_MILLIS = 20;
    private static final Set<String> SHOWN = Set.of("expiration", "filename", "token_id");

    private final Vertx vertx;
    private final LeaseStore store;
    private final CacheId id;
    private final long pollMillis;
    private final Consumer<Line> emptied;
    private final LinkedHashSet<Waiter> waiters = new LinkedHashSet<>();
    private Optional<LeaseNote.Held> held = Optional.empty();
    private boolean known;
    private boolean busy;
    private boolean again;
    private long look;
    private long timer = -1;

    Line(Vertx vertx, LeaseStore store, CacheId id, long pollMillis, Consumer<Line> emptied) {
        this.vertx = vertx;
        this.store = store;
        this.id = id;
        this.pollMillis = pollMillis;
        this.emptied = emptied;
    }

    void join(Waiter waiter) {
        waiters.add(waiter);
        waiter.notBeforeLook(busy ? look + 1 : look);
        if (waiter.patient()) {
            long ends = vertx.setTimer(waiter.request().waitSeconds() * 1000L, t -> timeOut(waiter));
            waiter.granted().onComplete(done -> vertx.cancelTimer(ends));
        }
        // Behind a running lease the next look is due anyway.
        if (!waiter.patient() || !running()) {
            wake();
        }
    }

    void leave(Waiter waiter) {
        if (waiters.remove(waiter)) {
            waiter.refuse(new Failure.ClientGone(null));
            closeIfEmpty();
        }
    }

    private void timeOut(Waiter waiter) {
        if (waiters.remove(waiter)) {
            waiter.grant(new Grant.Pending(held));
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
        again = false;
        look++;
        vertx.cancelTimer(timer);
        store.read(id).onSuccess(this::judge).onFailure(this::failed);
    }

    private void judge(Seen seen) {
        known = true;
        held = seen.note().held().filter(lease -> store.now().toEpochMilli() < lease.deadlineMillis());
        Optional<Take> taker = Optional.empty();
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.judgedBy(look)) {
                Optional<Take> take = answer(waiter, seen);
                taker = taker.isPresent() ? taker : take;
            } else if (!running() || !waiter.patient()) {
                again = true;
            }
        }
        taker.ifPresentOrElse(this::take, this::rest);
    }

    private record Take(Waiter waiter, Answer.Take answer) {}

    /** Answers the waiter, or leaves it waiting, or finds that it would take. */
    private Optional<Take> answer(Waiter waiter, Seen seen) {
        try {
            switch (LeaseRules.ask(seen, waiter.tokenId(), waiter.request(), waiter.secret(), store.now())) {
                case Answer.Ready ready -> finish(waiter, new Grant.Ready(shown(ready)));
                case Answer.Own own ->
                    finish(
                            waiter,
                            new Grant.Leased(
                                    waiter.secret(), own.fencing(), own.held().deadlineSeconds()));
                case Answer.Take take -> {
                    return Optional.of(new Take(waiter, take));
                }
                case Answer.Pending pending -> {
                    if (!waiter.patient()) {
                        finish(waiter, new Grant.Pending(pending.held()));
                    }
                }
            }
        } catch (Failure refused) {
            waiters.remove(waiter);
            waiter.refuse(refused);
        }
        return Optional.empty();
    }

    private static Map<String, String> shown(Answer.Ready ready) {
        Map<String, String> metadata = new TreeMap<>(ready.file().stored().metadata());
        metadata.keySet().retainAll(SHOWN);
        return metadata;
    }

    private void take(Take take) {
        LeaseNote note = take.answer().note();
        store.write(take.answer().placeholder(), note)
                .onSuccess(v -> taken(take.waiter(), note))
                .onFailure(this::failed);
    }

    private void taken(Waiter waiter, LeaseNote note) {
        held = note.held();
        long deadline = held.map(LeaseNote.Held::deadlineSeconds).orElse(0L);
        if (waiters.contains(waiter)) {
            finish(waiter, new Grant.Leased(waiter.secret(), note.fencing(), deadline));
            rest();
        } else {
            giveBack(waiter);
        }
    }

    /** The client left while its lease was being written; a lease that cannot be given back runs out by itself. */
    private void giveBack(Waiter waiter) {
        held = Optional.empty();
        again = true;
        store.read(id)
                .compose(seen -> store.write(
                        LeaseRules.held(seen, waiter.tokenId(), waiter.secret()), LeaseRules.released(seen.note())))
                .onComplete(done -> rest());
    }

    private void failed(Throwable cause) {
        if (cause instanceof Conflict) {
            again = true;
        } else {
            // Who has been told nothing yet hears of the fault; who waits already may see it end.
            List.copyOf(waiters).stream()
                    .filter(waiter -> !known || !waiter.patient())
                    .forEach(waiter -> {
                        waiters.remove(waiter);
                        waiter.refuse(cause);
                    });
        }
        rest();
    }

    /** Nothing is under way: the next look, now or later. */
    private void rest() {
        busy = false;
        if (closeIfEmpty()) {
            return;
        }
        if (again) {
            wake();
            return;
        }
        if (running()) {
            List.copyOf(waiters).stream()
                    .filter(waiter -> !waiter.patient() && waiter.judgedBy(look))
                    .forEach(waiter -> finish(waiter, new Grant.Pending(held)));
        }
        if (!closeIfEmpty()) {
            timer = vertx.setTimer(untilNextLook(), t -> wake());
        }
    }

    private long untilNextLook() {
        long untilDeadline = held.map(
                        lease -> lease.deadlineMillis() - store.now().toEpochMilli() + AFTER_DEADLINE_MILLIS)
                .orElse(pollMillis);
        return Math.clamp(untilDeadline, AFTER_DEADLINE_MILLIS, pollMillis);
    }

    private boolean running() {
        return held.filter(lease -> store.now().toEpochMilli() < lease.deadlineMillis())
                .isPresent();
    }

    private void finish(Waiter waiter, Grant grant) {
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
