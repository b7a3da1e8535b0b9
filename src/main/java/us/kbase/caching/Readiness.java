package us.kbase.caching;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.store.ObjectStore;

/**
 * Whether the store can serve: asked from time to time, by one probe at a time, and less and less often while it cannot. The event
 * loop of its store; what was found may be read by any thread.
 */
final class Readiness {

    private static final Logger log = LoggerFactory.getLogger(Readiness.class);
    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final Duration AFTER_FAULTS_MAX = Duration.ofSeconds(8);
    private static final String STARTING = "The store has not answered yet";

    private final Vertx vertx;
    private final ObjectStore store;
    private final AtomicReference<Optional<String>> reason;
    private final Backoff backoff = new Backoff(USUAL, AFTER_FAULTS_MAX);

    private Readiness(Vertx vertx, ObjectStore store, AtomicReference<Optional<String>> reason) {
        this.vertx = vertx;
        this.store = store;
        this.reason = reason;
    }

    /** What is said before the first probe has ended. */
    static AtomicReference<Optional<String>> unknown() {
        return new AtomicReference<>(Optional.of(STARTING));
    }

    /**
     * Makes the bucket or folder, and goes on probing. A store that is down is no reason not to start; one that refuses us is, and
     * fails this.
     *
     * @param reason becomes why the store cannot serve, or nothing while it can
     */
    static Future<Void> watch(Vertx vertx, ObjectStore store, AtomicReference<Optional<String>> reason) {
        Readiness readiness = new Readiness(vertx, store, reason);
        return store.prepare()
                .onSuccess(v -> reason.set(Optional.empty()))
                .recover(cause -> {
                    if (!(cause instanceof Failure.Upstream || cause instanceof Failure.StorageFull)) {
                        return Future.failedFuture(cause);
                    }
                    log.warn("The store is not ready; serving anyway and trying again: {}", Reason.of(cause));
                    reason.set(Optional.of(Reason.of(cause)));
                    return Future.succeededFuture();
                })
                .onSuccess(v -> readiness.probeLater());
    }

    private void probeLater() {
        if (reason.get().isEmpty()) {
            backoff.reset();
        }
        long pause = reason.get().isEmpty() ? backoff.aroundMillis(USUAL) : backoff.nextMillis();
        // What a probe throws is a failure too: the next one is due all the same.
        vertx.setTimer(
                pause,
                id -> Future.succeededFuture()
                        .compose(v -> store.prepare())
                        .onSuccess(v -> found(Optional.empty()))
                        .onFailure(cause -> found(Optional.of(Reason.of(cause)))));
    }

    private void found(Optional<String> now) {
        if (!now.equals(reason.getAndSet(now))) {
            log.info(now.map(why -> "Not ready: " + why).orElse("Ready: the store answers"));
        }
        probeLater();
    }
}
