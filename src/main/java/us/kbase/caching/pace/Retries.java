package us.kbase.caching.pace;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Repeats calls that failed and may go well soon: three tries at most, behind pauses with jitter, and out of one budget for all calls.
 * Every call earns a tenth of a retry, so while nothing answers the server gets a tenth more than its clients ask for, and not three
 * times as much (Fixing retries with token buckets, AWS Builders' Library). One event loop.
 */
public final class Retries {

    /** How often a call is made in all. */
    public static final int TRIES_MAX = 3;

    private static final double EARNED = 0.1;
    private static final double SAVED_MAX = 50;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Supplier<Backoff> pauses;
    private double saved = SAVED_MAX;

    /** With as much as can be saved. */
    public Retries(Vertx vertx) {
        this(vertx, () -> new Backoff(PAUSE, PAUSE_MAX));
    }

    /**
     * The same with pauses from a randomness of one's own.
     *
     * @param random evenly from 0 (included) to 1 (excluded)
     */
    public Retries(Vertx vertx, DoubleSupplier random) {
        this(vertx, () -> new Backoff(PAUSE, PAUSE_MAX, random));
    }

    private Retries(Vertx vertx, Supplier<Backoff> pauses) {
        this.vertx = vertx;
        this.pauses = pauses;
    }

    /**
     * Makes a call, and makes it again while it fails with something that may pass.
     *
     * @param call begins it anew each time
     * @param mayPass whether it may be repeated after that failure
     */
    public <T> Future<T> run(Supplier<Future<T>> call, Predicate<Throwable> mayPass) {
        earn();
        Backoff backoff = pauses.get();
        AtomicInteger made = new AtomicInteger();
        Promise<T> good = CallersContext.promise();
        return Steps.whileMore(() -> call.get()
                        .onSuccess(good::complete)
                        .map(false)
                        .recover(cause -> made.incrementAndGet() < TRIES_MAX && mayPass.test(cause) && spend()
                                ? vertx.timer(backoff.nextMillis()).map(true)
                                : Future.failedFuture(cause)))
                .compose(v -> good.future());
    }

    /** A call was made for the first time by somebody who repeats it by {@link #spend}. */
    public void earn() {
        saved = Math.min(SAVED_MAX, saved + EARNED);
    }

    /** Whether a call may be repeated now; it then has to be. */
    public boolean spend() {
        if (saved < 1) {
            return false;
        }
        saved--;
        return true;
    }
}
