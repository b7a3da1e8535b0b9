package us.kbase.caching.verify;

import io.vertx.core.Context;
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
    private final AtomicReference<State> state = new AtomicReference<>(new State(false, VerifyReport.NOTHING));

    /** Whether a verification runs, and what it, or the last one, found. */
    public record State(boolean running, VerifyReport report) {}

    /** A verifier of the current event loop, with that loop's store. */
    public Verifier(Vertx vertx, ObjectStore store) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.store = store;
    }

    /**
     * Begins a verification; false when one runs already.
     *
     * @param id the entry to read; nothing for all
     */
    public boolean begin(Optional<CacheId> id, long bytesPerSecond) {
        State before = state.get();
        if (before.running() || !state.compareAndSet(before, new State(true, VerifyReport.NOTHING))) {
            return false;
        }
        context.runOnContext(v -> run(id, bytesPerSecond));
        return true;
    }

    private void run(Optional<CacheId> id, long bytesPerSecond) {
        Verification verification = new Verification(vertx, store, bytesPerSecond);
        id.map(one -> verification.these(List.of(one)))
                .orElseGet(verification::all)
                .onSuccess(report -> {
                    state.set(new State(false, report));
                    log.info("Verified. {}", report.summary());
                })
                .onFailure(fault -> {
                    state.set(new State(false, VerifyReport.NOTHING));
                    log.error("A verification broke off", fault);
                });
    }

    /** Whether a verification runs, and what it, or the last one, found. */
    public State state() {
        return state.get();
    }
}
