package us.kbase.caching.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One event loop, and a test thread that waits for what happens on it. */
public final class Loop {

    private static final long DEADLINE_SECONDS = 120;

    private final Context context;

    public Loop(Vertx vertx) {
        context = vertx.getOrCreateContext();
    }

    /** Runs work on the loop; its result, or its failure thrown as it is. */
    public <T> T call(Supplier<Future<T>> work) {
        return await(start(work));
    }

    /** Runs work on the loop and does not wait. */
    public <T> Future<T> start(Supplier<Future<T>> work) {
        return Future.future(promise -> context.runOnContext(v -> {
            try {
                work.get().onComplete(promise);
            } catch (Throwable e) {
                promise.fail(e);
            }
        }));
    }

    /** The failure of work on the loop; an assertion error when it went well. */
    public Throwable failureOf(Supplier<? extends Future<?>> work) {
        return call(() -> work.get()
                .transform(done -> done.failed()
                        ? Future.succeededFuture(done.cause())
                        : Future.failedFuture(new AssertionError("succeeded with " + done.result()))));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw sneaky(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no result in " + DEADLINE_SECONDS + " s", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable cause) throws E {
        throw (E) cause;
    }
}
