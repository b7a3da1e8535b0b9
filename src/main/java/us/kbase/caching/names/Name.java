package us.kbase.caching.names;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One name: what was found last, when it is asked for again, and the look-up that is under way. Any thread. */
final class Name {

    private static final Logger log = LoggerFactory.getLogger(Name.class);

    private final Names.Times times;
    private final Supplier<Future<List<InetAddress>>> lookUp;
    private List<InetAddress> known = List.of();
    private long againNanos = System.nanoTime();
    private @Nullable Throwable failure;
    private @Nullable Future<List<InetAddress>> underWay;

    /**
     * A name of which nothing is known.
     *
     * @param lookUp on a worker
     */
    Name(Names.Times times, Supplier<Future<List<InetAddress>>> lookUp) {
        this.times = times;
        this.lookUp = lookUp;
    }

    /** What is known, and renewed behind that when it is old. */
    synchronized List<InetAddress> known() {
        refreshIfDue();
        return known;
    }

    /** What is known, or the look-up that is under way, or the failure of the last one while that counts. */
    synchronized Future<List<InetAddress>> addresses() {
        refreshIfDue();
        if (!known.isEmpty()) {
            return Future.succeededFuture(known);
        }
        if (underWay != null) {
            return underWay;
        }
        return failure == null ? Future.succeededFuture(known) : Future.failedFuture(failure);
    }

    private void refreshIfDue() {
        if (underWay != null || System.nanoTime() - againNanos < 0) {
            return;
        }
        // Behind the end of it, so whoever hears of it finds the name known.
        Future<List<InetAddress>> begun = lookUp.get().transform(this::ended);
        underWay = begun.isComplete() ? null : begun;
    }

    private synchronized Future<List<InetAddress>> ended(@Nullable List<InetAddress> found, @Nullable Throwable cause) {
        underWay = null;
        if (found != null && !found.isEmpty()) {
            known = found;
            failure = null;
            againNanos = System.nanoTime() + withJitter(times.fresh());
            return Future.succeededFuture(found);
        }
        if (failure == null && !known.isEmpty()) {
            log.warn("A name cannot be looked up ({}); its last addresses are used", String.valueOf(cause));
        }
        failure = cause;
        againNanos = System.nanoTime() + withJitter(times.unknown());
        return cause == null ? Future.succeededFuture(found) : Future.failedFuture(cause);
    }

    /** Up to half as long again, so that gateways do not ask together. */
    private static long withJitter(Duration time) {
        return (long) (time.toNanos() * (1 + ThreadLocalRandom.current().nextDouble() / 2));
    }
}
