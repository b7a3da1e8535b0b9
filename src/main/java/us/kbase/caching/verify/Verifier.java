package us.kbase.caching.verify;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.ObjectStore;

/** Runs verifications on a serving node when an administrator asks for one, one at a time. One event loop; may be asked from any thread. */
public final class Verifier {

    private static final Logger log = LoggerFactory.getLogger(Verifier.class);

    private final Vertx vertx;
    private final Context context;
    private final ObjectStore store;
    private final AtomicReference<State> state = new AtomicReference<>(new State(0, false, VerifyReport.NOTHING));

    /** Numbers begin with the time of the start, so that none comes back after another start. */
    private final long firstRun = System.currentTimeMillis();

    /**
     * Whether a verification runs, and what it, or the last one, found.
     *
     * @param run its number, which no other verification has or had; 0 before the first
     */
    public record State(long run, boolean running, VerifyReport report) {}

    /** A verifier of the current event loop, with that loop's store. */
    public Verifier(Vertx vertx, ObjectStore store) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.store = store;
    }

    /**
     * Begins a verification and gives its state; nothing when one runs already.
     *
     * @param id the entry to read; nothing for all
     */
    public Optional<State> begin(Optional<CacheId> id, long bytesPerSecond) {
        State before = state.get();
        State begun = new State(Math.max(firstRun, before.run() + 1), true, VerifyReport.NOTHING);
        if (before.running() || !state.compareAndSet(before, begun)) {
            return Optional.empty();
        }
        context.runOnContext(v -> run(begun.run(), id, bytesPerSecond));
        return Optional.of(begun);
    }

    private void run(long run, Optional<CacheId> id, long bytesPerSecond) {
        Verification verification = new Verification(vertx, store, bytesPerSecond);
        Future.succeededFuture(id)
                .compose(asked ->
                        asked.map(one -> verification.these(List.of(one))).orElseGet(verification::all))
                .onSuccess(report -> {
                    state.set(new State(run, false, report));
                    log.info("Verified. {}", report.summary());
                })
                .onFailure(fault -> {
                    state.set(new State(run, false, VerifyReport.brokenOff("a fault of the gateway; see its log")));
                    log.error("A verification broke off", fault);
                });
    }

    /** Whether a verification runs, and what it, or the last one, found. */
    public State state() {
        return state.get();
    }
}
