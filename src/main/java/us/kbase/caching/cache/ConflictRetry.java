package us.kbase.caching.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.Conflict;

/**
 * Decides anew each time another's write came first, and gives up with {@code Busy} once that has happened too often. Every write
 * that may be tried again under a new condition counts its conflicts here. One event loop.
 */
public final class ConflictRetry {

    private static final int CONFLICTS_MAX = 16;

    private int conflicts;

    /** Counts one more conflict: done when another try may be made, failed with {@code Busy} after sixteen of them. */
    public Future<Void> another() {
        return ++conflicts > CONFLICTS_MAX
                ? Future.failedFuture(new Failure.Busy("The entry keeps changing; try again"))
                : Future.succeededFuture();
    }

    /** Makes the attempt until it meets no {@link Conflict}; each attempt reads the entry and decides anew. */
    public static <T> Future<T> whileConflict(Supplier<Future<T>> attempt) {
        ConflictRetry retry = new ConflictRetry();
        Promise<T> won = CallersContext.promise();
        return Steps.whileMore(() -> attempt.get()
                        .onSuccess(won::complete)
                        .map(false)
                        .recover(cause ->
                                cause instanceof Conflict ? retry.another().map(true) : Future.failedFuture(cause)))
                .compose(v -> won.future());
    }
}
