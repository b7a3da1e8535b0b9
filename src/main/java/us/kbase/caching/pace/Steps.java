package us.kbase.caching.pace;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a step while it says that there is more to do, one at a time. A loop and not a chain of futures, so neither stack nor
 * heap grow with the number of steps. One event loop.
 */
public final class Steps {

    private final Supplier<Future<Boolean>> step;
    private final Promise<Void> done = CallersContext.promise();
    private boolean looping;
    private boolean ready;

    private Steps(Supplier<Future<Boolean>> step) {
        this.step = step;
    }

    /** Done when a step gave false; failed with what the first step that failed, or threw, failed with. */
    public static Future<Void> whileMore(Supplier<Future<Boolean>> step) {
        Steps steps = new Steps(step);
        steps.next();
        return steps.done.future();
    }

    /** Done with the first value that a step gave; failed as {@link #whileMore} is. */
    public static <T> Future<T> until(Supplier<Future<Optional<T>>> step) {
        AtomicReference<@Nullable T> given = new AtomicReference<>();
        return whileMore(() -> step.get().map(value -> {
                    value.ifPresent(given::set);
                    return value.isEmpty();
                }))
                .map(v -> given.get());
    }

    private void next() {
        ready = true;
        if (looping) {
            return; // a step that was done at once: the loop below goes on
        }
        looping = true;
        while (ready) {
            ready = false;
            called().onComplete(this::ended);
        }
        looping = false;
    }

    private void ended(@Nullable Boolean more, @Nullable Throwable cause) {
        if (cause != null) {
            done.tryFail(cause);
        } else if (Boolean.TRUE.equals(more)) {
            next();
        } else {
            done.tryComplete();
        }
    }

    /** Thrown into a future's listener an error would be lost, and the steps would never end. */
    private Future<Boolean> called() {
        try {
            return step.get();
        } catch (RuntimeException
                | StackOverflowError
                | OutOfMemoryError thrown) { // the latter of memory outside the heap
            return Future.failedFuture(thrown);
        }
    }
}
