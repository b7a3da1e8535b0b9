package us.kbase.caching.store.s3.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.store.s3.error.ServerGone;
import us.kbase.caching.store.s3.error.ServerSilent;

/**
 * Tells calls that may take long from calls to a server that is gone. MinIO makes whoever changes a key wait for its readers, so such a
 * call has minutes; while any waits, the server is asked something easy, one question at a time for all of them, and when it is silent
 * then too, those that began before the question are given up. Event loop only.
 */
final class SilenceWatch {

    private static final Duration LOOK = Duration.ofSeconds(8);

    private final Vertx vertx;
    private final Supplier<Future<?>> question;
    private final LongSupplier nanoTime;
    private final Backoff rhythm = new Backoff(LOOK, LOOK);
    private final Map<Consumer<Throwable>, Long> begunNanos = new LinkedHashMap<>();
    private boolean looking;

    /**
     * Watches nothing yet.
     *
     * @param question what the server can answer at once
     */
    SilenceWatch(Vertx vertx, Supplier<Future<?>> question, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.question = question;
        this.nanoTime = nanoTime;
    }

    /**
     * Gives the call up when the server is silent to everybody. A call that waits for its turn was not sent: the server's silence is
     * none of its, and it may wait as long as it may.
     *
     * @param turn done when the call is sent
     */
    <T> Future<T> over(Future<?> turn, Future<T> call, Consumer<Throwable> giveUp) {
        turn.onSuccess(sent -> watch(call, giveUp));
        return call;
    }

    private void watch(Future<?> call, Consumer<Throwable> giveUp) {
        if (call.isComplete()) {
            return;
        }
        Consumer<Throwable> own = giveUp::accept; // one of its own, whoever gives the same twice
        begunNanos.put(own, nanoTime.getAsLong());
        lookLater();
        call.onComplete(done -> begunNanos.remove(own));
    }

    private void lookLater() {
        if (!looking && !begunNanos.isEmpty()) {
            looking = true;
            vertx.setTimer(rhythm.aroundMillis(LOOK), id -> look());
        }
    }

    private void look() {
        long asked = nanoTime.getAsLong();
        boolean anybodyLong = begunNanos.values().stream().anyMatch(begun -> isLong(asked, begun));
        Future<?> answer = anybodyLong ? question.get() : Future.succeededFuture();
        answer.onComplete(answered -> {
            looking = false;
            if (answered.failed() && ServerSilent.below(answered.cause())) {
                giveUpBefore(asked);
            }
            lookLater();
        });
    }

    private static boolean isLong(long nowNanos, long begunNanos) {
        return nowNanos - begunNanos >= LOOK.toNanos() / 2;
    }

    private void giveUpBefore(long askedNanos) {
        Map.copyOf(begunNanos).forEach((giveUp, begun) -> {
            if (isLong(askedNanos, begun)) {
                giveUp.accept(new ServerGone());
            }
        });
    }
}
