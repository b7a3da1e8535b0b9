package us.kbase.caching.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import us.kbase.caching.StoreKind;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.store.ObjectStore;

/** Opens the configured store for one command, without a gateway. */
final class StoreSession {

    private StoreSession() {}

    /**
     * Runs work on an event loop and waits for its result.
     *
     * @throws IOException when the store cannot be opened, or with the work's failure
     */
    static <T> T with(GatewayConfig config, Function<ObjectStore, Future<T>> work)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            StoreKind kind = StoreKind.open(vertx, config);
            try {
                Future<T> done = Future.future(promise -> vertx.runOnContext(v -> {
                    ObjectStore store = kind.perLoop().get();
                    store.prepare().compose(ready -> work.apply(store)).onComplete(promise);
                }));
                return await(done);
            } finally {
                close(kind);
            }
        } finally {
            await(vertx.close());
        }
    }

    private static void close(StoreKind kind) throws IOException {
        try {
            kind.shared().close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The store could not be closed: " + e.getMessage(), e);
        }
    }

    static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(Reachability.sentence(cause), cause);
        }
    }
}
