package us.kbase.caching.pace;

import io.vertx.core.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One question that many ask. One call at a time answers all who ask meanwhile, and its success is kept for good. After a failure
 * the call is made again no sooner than a back-off says; who asks before that hears of the failure. One event loop.
 */
public final class SharedProbe<T> {

    private final Supplier<Future<T>> call;
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private @Nullable Future<T> last;
    private long againNanos;

    /** A question that nobody has asked yet. */
    public SharedProbe(Supplier<Future<T>> call, Backoff backoff, LongSupplier nanoTime) {
        this.call = call;
        this.backoff = backoff;
        this.nanoTime = nanoTime;
    }

    /** The answer, or the failure that is the newest known. */
    public Future<T> ask() {
        Future<T> known = last;
        if (known != null && (!known.failed() || nanoTime.getAsLong() - againNanos < 0)) {
            return CallersContext.of(known);
        }
        Future<T> asked =
                call.get().onFailure(cause -> againNanos = nanoTime.getAsLong() + backoff.nextMillis() * 1_000_000);
        last = asked;
        return CallersContext.of(asked);
    }
}
