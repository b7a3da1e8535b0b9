package us.kbase.caching.expiry;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.tally.SweepTally;

/**
 * Sweeps from time to time while this node has its turn: a bounded step per tick, so that the store serves clients meanwhile. An
 * administrator may begin a sweep at once. One sweep at a time, on one event loop; may be asked from any thread.
 */
public final class Sweeper {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
    private static final Duration AFTER_FAILURES_MAX = Duration.ofMinutes(10);

    /** The shortest lifetime that an upload can ask for: what is younger cannot have expired. */
    private static final Duration LIFETIME_MIN = Duration.ofDays(1);

    private final Vertx vertx;
    private final Context context;
    private final ObjectStore store;
    private final StoreTime time;
    private final SweepTurn turn;
    private final Settings settings;
    private final AtomicReference<State> state = new AtomicReference<>(new State(false, SweepReport.NOTHING));
    private final SweepTally tally = new SweepTally();
    private final Backoff backoff = new Backoff(AFTER_FAILURE, AFTER_FAILURES_MAX);
    private @Nullable Sweep sweep;
    private long nextStepMillis;

    /**
     * When to sweep.
     *
     * @param pause between the end of one sweep and the next
     * @param uploadGrace after which an open multipart upload counts as abandoned
     * @param refused why nothing may be removed, as a sentence; nothing where it may
     */
    public record Settings(Duration pause, Duration uploadGrace, Optional<String> refused) {
        /** A sweep that may remove. */
        public Settings(Duration pause, Duration uploadGrace) {
            this(pause, uploadGrace, Optional.empty());
        }
    }

    /** Whether a sweep runs, and what it, or the last one, found. */
    public record State(boolean running, SweepReport report) {}

    /** A sweeper of the current event loop, with that loop's store; it begins nothing by itself. */
    public Sweeper(Vertx vertx, ObjectStore store, StoreTime time, SweepTurn turn, Settings settings) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.store = store;
        this.time = time;
        this.turn = turn;
        this.settings = settings;
    }

    /** Sweeps from time to time from now on, where it may; the first time after one pause, so that restarts do not sweep. */
    public void start() {
        if (settings.refused().isPresent()) {
            log.info("{}", settings.refused().get());
            return;
        }
        nextStepMillis = millis() + settings.pause().toMillis();
        tickLater();
    }

    private void tickLater() {
        // A tick that throws is told of, and the next one is due all the same.
        vertx.setTimer(
                backoff.aroundMillis(TICK),
                timer -> Future.succeededFuture()
                        .compose(v -> tick())
                        .onFailure(cause -> log.warn("The sweep did not go on", cause))
                        .onComplete(done -> tickLater()));
    }

    private Future<Void> tick() {
        if (millis() < nextStepMillis) {
            return Future.succeededFuture();
        }
        return turn.mine()
                .compose(
                        mine -> {
                            if (mine) {
                                return step();
                            }
                            leave();
                            return Future.succeededFuture();
                        },
                        unknown -> {
                            log.debug("Not known whose turn to sweep it is: {}", unknown.toString());
                            return Future.succeededFuture();
                        });
    }

    /** Another node sweeps now, from the beginning: ours would hold the place of an administrator's for ever. */
    private void leave() {
        Sweep left = sweep;
        if (left != null) {
            sweep = null;
            ended(left.report().endedBy("another gateway sweeps now"), SweepOptions.Effect.REMOVE);
        }
    }

    private Future<Void> step() {
        Sweep current = sweep;
        if (current == null) {
            State before = state.get();
            if (before.running() || !state.compareAndSet(before, new State(true, SweepReport.NOTHING))) {
                return Future.succeededFuture(); // an administrator's sweep runs
            }
            current = new Sweep(vertx, store, time, periodic());
            sweep = current;
        }
        Sweep stepping = current;
        return Future.succeededFuture().compose(v -> stepping.step()).transform(stepped -> {
            if (stepped.failed()) {
                log.warn("The sweep goes on later: {}", stepped.cause().getMessage());
                nextStepMillis = millis() + backoff.nextMillis();
                return Future.succeededFuture();
            }
            backoff.reset();
            if (stepped.result()) {
                state.set(new State(true, stepping.report()));
            } else {
                sweep = null;
                ended(stepping.report(), SweepOptions.Effect.REMOVE);
                nextStepMillis = millis() + settings.pause().toMillis();
                log.info("Swept. {}", stepping.report().summary());
            }
            return Future.succeededFuture();
        });
    }

    private SweepOptions periodic() {
        return new SweepOptions(
                SweepOptions.Effect.REMOVE, SweepOptions.Stops.HEED, LIFETIME_MIN, settings.uploadGrace());
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }

    /**
     * Begins a sweep of everything now; false when one runs already.
     *
     * @throws Failure.BadInput where nothing may be removed, and that is asked for
     */
    public boolean begin(SweepOptions.Effect effect, SweepOptions.Stops stops) {
        if (effect == SweepOptions.Effect.REMOVE && settings.refused().isPresent()) {
            throw new Failure.BadInput(settings.refused().get());
        }
        State before = state.get();
        if (before.running() || !state.compareAndSet(before, new State(true, SweepReport.NOTHING))) {
            return false;
        }
        context.runOnContext(v -> {
            Sweep whole = new Sweep(
                    vertx, store, time, new SweepOptions(effect, stops, Duration.ZERO, settings.uploadGrace()));
            whole.run()
                    .onComplete(done -> ended(
                            done.succeeded()
                                    ? whole.report()
                                    : whole.report()
                                            .endedBy(String.valueOf(done.cause().getMessage())),
                            effect))
                    .onSuccess(report -> log.info("Swept. {}", report.summary()))
                    .onFailure(cause -> log.warn(
                            "A sweep ended early: {}. {}",
                            cause.getMessage(),
                            whole.report().summary()));
        });
        return true;
    }

    /** One that only counts has removed nothing, and is not told of. */
    private void ended(SweepReport report, SweepOptions.Effect effect) {
        if (effect == SweepOptions.Effect.REMOVE) {
            tally.ended(report.removed(), report.spared(), report.failed(), report.uploads());
            if (report.stopped().isEmpty()) {
                tally.whole();
            }
        }
        state.set(new State(false, report));
    }

    /** What came of sweeps so far. */
    public SweepTally tally() {
        return tally;
    }

    /** Whether a sweep runs, and what it, or the last one, found. */
    public State state() {
        return state.get();
    }
}
