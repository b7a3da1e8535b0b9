package us.kbase.caching.stress;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** An event loop of its own, and the bridge from the main thread, which waits, to it. */
public final class Loop {

    private final Context context;

    private Loop(Context context) {
        this.context = context;
    }

    /** A new event loop. */
    public static Loop of(Vertx vertx) {
        return new Loop(((VertxInternal) vertx).createEventLoopContext());
    }

    /** The client's event loops: two, so that long streams and the small calls beside them do not wait for each other. */
    public static Vertx vertx() {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2))
                .build();
        if (!vertx.isNativeTransportEnabled()) {
            System.err.println(
                    "stress: the native transport does not load here; the client needs more CPU than it should.");
        }
        return vertx;
    }

    /** Begins something on the loop. */
    public <T> Future<T> start(Supplier<Future<T>> task) {
        Promise<T> done = Promise.promise();
        context.runOnContext(v -> {
            try {
                task.get().onComplete(done);
            } catch (RuntimeException e) {
                done.tryFail(e);
            }
        });
        return done.future();
    }

    /** Does something on the loop and waits for its end. Not to be called on a loop. */
    public <T> T run(Supplier<Future<T>> task) {
        return await(start(task));
    }

    /** Waits for the end of something on a loop. Not to be called on a loop. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException runtime ? runtime : e;
        }
    }
}
