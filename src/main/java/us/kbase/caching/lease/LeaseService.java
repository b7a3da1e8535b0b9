package us.kbase.caching.lease;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import us.kbase.caching.cache.Changes;
import us.kbase.caching.cache.ConflictRetry;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.pace.SharedProbe;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.OnBehalf;
import us.kbase.caching.tally.LeaseTally;
import us.kbase.caching.trace.CurrentRequest;

/**
 * Leases of one node. Everything runs on one event loop with a store of its own, so a line of waiters needs no lock; methods
 * may be called from any event loop, and their futures complete on the caller's.
 */
public final class LeaseService implements Changes {

    /**
     * Of heap, beyond connection and head, which are paid for elsewhere: a waiter's place in line, its timer, its promises and what
     * they hold (measured: docs/adr/0034).
     */
    static final long WAITER_BYTES = 2560;

    private static final Duration PROBE_AGAIN = Duration.ofMillis(500);
    private static final Duration PROBE_AGAIN_MAX = Duration.ofSeconds(10);

    private static final String NO_CONDITIONS = "This object store ignores conditional writes by %s, so a lease would"
            + " protect nothing; use one that honours If-Match and If-None-Match there";

    private final Vertx vertx;
    private final Context loop;
    private final LeaseStore store;
    private final SharedProbe<Optional<ConditionalWriteProbe.Leg>> conditionsIgnored;
    private final Duration poll;
    private final Changes elsewhere;
    private final Map<CacheId, WaitQueue> lines = new HashMap<>();
    private final Budget room;
    private final LeaseTally tally = new LeaseTally();

    /**
     * How those who wait hear of a change.
     *
     * @param elsewhere tells the other nodes, if any can be told
     * @param poll how often a line looks at the store when nobody wakes it
     * @param waiters pays for each who waits; who finds no room gets its answer at once
     */
    public record Waking(Changes elsewhere, Duration poll, Budget waiters) {}

    private LeaseService(
            Vertx vertx, Context loop, ObjectStore store, InstantSource clock, Lifetimes lifetimes, Waking waking) {
        this.vertx = vertx;
        this.loop = loop;
        this.store = new LeaseStore(store, clock, lifetimes);
        this.conditionsIgnored = new SharedProbe<>(
                new ConditionalWriteProbe(store, clock)::run,
                new Backoff(PROBE_AGAIN, PROBE_AGAIN_MAX),
                System::nanoTime);
        this.poll = waking.poll();
        this.elsewhere = waking.elsewhere();
        this.room = waking.waiters();
    }

    /**
     * Starts the service; its first call probes the store, unless {@link #probed} was asked before.
     *
     * @param stores makes the store for the service's event loop, on that loop
     * @param clock the store's time
     * @param lifetimes how long a placeholder lives after its lease was taken or renewed
     */
    public static Future<LeaseService> start(
            Vertx vertx, Supplier<ObjectStore> stores, InstantSource clock, Lifetimes lifetimes, Waking waking) {
        return Future.future(promise -> {
            Context loop = vertx.getOrCreateContext();
            loop.runOnContext(
                    v -> promise.complete(new LeaseService(vertx, loop, stores.get(), clock, lifetimes, waking)));
        });
    }

    /**
     * The file, or a lease, or word of who holds it once the wait is over; at once where too many wait already.
     *
     * @param gone completes when the client has left: its wait ends, and a lease that nobody hears of is given back
     */
    public Future<LeaseAnswer> ask(CacheId id, String tokenId, LeaseRequest request, Future<?> gone) {
        return onLoop(v -> {
            Optional<Budget.Payment> place =
                    request.waitSeconds() > 0 ? room.tryTake(WAITER_BYTES, tokenId) : Optional.empty();
            Waiter waiter = new Waiter(tokenId, place.isPresent() ? request : request.withoutWait());
            place.ifPresent(paid -> waiter.granted().onComplete(done -> paid.giveBack()));
            WaitQueue line = lines.computeIfAbsent(id, this::newLine);
            line.join(waiter);
            gone.onComplete(left -> loop.runOnContext(w -> line.leave(waiter)));
            return waiter.granted().onSuccess(this::tell);
        });
    }

    private void tell(LeaseAnswer answer) {
        switch (answer) {
            case LeaseAnswer.Leased leased -> tally.give();
            case LeaseAnswer.Ready ready -> tally.tellReady();
            case LeaseAnswer.Pending pending -> tally.tellPending();
        }
    }

    /** What came of leases so far. */
    public LeaseTally tally() {
        return tally;
    }

    private WaitQueue newLine(CacheId id) {
        return new WaitQueue(vertx, store, id, poll, line -> lines.remove(id, line));
    }

    /**
     * Renews a lease for its own lifetime, or another one.
     *
     * @return the lease as it stands now; fails with {@code LeaseLost} when it does not hold
     */
    public Future<LeaseAnswer.Leased> renew(CacheId id, String tokenId, String secret, Optional<Integer> ttlSeconds) {
        return onLoop(v -> ConflictRetry.whileConflict(() -> store.read(id).compose(seen -> {
                    LeaseRecord note = LeaseRules.renewed(seen.note(), ttlSeconds, store.now());
                    return store.write(LeaseRules.held(seen, tokenId, secret), note)
                            .map(note);
                })))
                .onFailure(cause -> tellLost(tally, cause))
                .map(note -> new LeaseAnswer.Leased(
                        secret,
                        note.fencing(),
                        note.held().map(LeaseRecord.Held::deadlineSeconds).orElse(0L)));
    }

    /** Gives a lease back; well also when its holder did so before, and fails with {@code LeaseLost} when another ended it. */
    public Future<Void> release(CacheId id, String tokenId, String secret) {
        return onLoop(v -> ConflictRetry.whileConflict(
                        () -> store.read(id).compose(seen -> released(LeaseRules.release(seen, tokenId, secret)))))
                .onFailure(cause -> tellLost(tally, cause))
                .onSuccess(v -> changed(id));
    }

    static void tellLost(LeaseTally tally, Throwable cause) {
        if (cause instanceof Failure.LeaseLost) {
            tally.lose();
        }
    }

    private Future<Void> released(LeaseRules.Release release) {
        return switch (release) {
            case LeaseRules.Release.Write write -> store.write(write.placeholder(), write.note());
            case LeaseRules.Release.Done done -> Future.succeededFuture();
        };
    }

    @Override
    public void changed(CacheId id) {
        wake(id);
        elsewhere.changed(id);
    }

    /** A hint that an entry may have changed: who waits for it here looks at once. */
    public void wake(CacheId id) {
        loop.runOnContext(v -> {
            WaitQueue line = lines.get(id);
            if (line != null) {
                line.wake();
            }
        });
    }

    /** On the service's loop, if the store is fit for leases; the result on the caller's loop. */
    private <T> Future<T> onLoop(Function<Boolean, Future<T>> work) {
        Promise<T> promise = CallersContext.promise();
        String user = OnBehalf.user();
        Supplier<Future<T>> ofRequest = CurrentRequest.keep(vertx, () -> {
            OnBehalf.user(user);
            return usable().compose(work);
        });
        ((ContextInternal) loop).duplicate().runOnContext(v -> ofRequest.get().onComplete(promise));
        return promise.future();
    }

    /** Done once the store was probed; fails with {@code Unsupported} when it ignores conditions. */
    public Future<Void> probed() {
        return onLoop(v -> Future.<Void>succeededFuture());
    }

    private Future<Boolean> usable() {
        return conditionsIgnored
                .ask()
                // One that takes nothing new cannot be asked, and gives no lease; a result that is there needs none.
                .recover(cause -> cause instanceof Failure.StorageFull
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(cause))
                .compose(ignored -> ignored.isEmpty()
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(new Failure.Unsupported(
                                NO_CONDITIONS.formatted(ignored.get().operation()))));
    }
}
