package us.kbase.caching.cli.upkeep;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import us.kbase.caching.OpenedStore;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.FoundBucket;
import us.kbase.caching.store.s3.S3ObjectStore;
import us.kbase.caching.tally.CallTimes;

/** Opens the configured store for one command, without a gateway. */
public final class StoreSession {

    private StoreSession() {}

    /**
     * Runs work on an event loop and waits for its result.
     *
     * @throws IOException when the store cannot be opened, or with the work's failure
     */
    public static <T> T with(GatewayConfig config, Function<ObjectStore, Future<T>> work)
            throws IOException, InterruptedException {
        return with(config, (vertx, store, time) -> work.apply(store));
    }

    /** Work that also needs timers and the store's clock. */
    interface TimedWork<T> {
        Future<T> on(Vertx vertx, ObjectStore store, StoreTime time);
    }

    /** As above. */
    public static <T> T with(GatewayConfig config, TimedWork<T> work) throws IOException, InterruptedException {
        return opened(config, (vertx, kind) -> {
            ObjectStore store = kind.perLoop().get();
            return found(config, store).compose(ready -> work.on(vertx, store, kind.time()));
        });
    }

    /** Only who serves makes a bucket: a mistyped one would be there, empty, and swept well. */
    private static Future<Void> found(GatewayConfig config, ObjectStore store) {
        if (store instanceof S3ObjectStore bucket) {
            return bucket.exists()
                    .compose(there -> there
                            ? Future.succeededFuture()
                            : Future.failedFuture(new IOException("There is no store yet: " + config.store()
                                    + " does not exist; check store.s3.bucket (MINIO_BUCKET_NAME).")));
        }
        return store.prepare()
                // What takes nothing new can still be looked through, and on a disk be swept.
                .recover(cause ->
                        cause instanceof Failure.StorageFull ? Future.succeededFuture() : Future.failedFuture(cause));
    }

    /** Work between two stores, by the clock of the second. */
    interface MoveWork<T> {
        Future<T> on(Vertx vertx, ObjectStore from, ObjectStore to, StoreTime time);
    }

    /**
     * Work from a store to the configured one, which is made where it is missing.
     *
     * @throws IOException as {@link #with}
     */
    static <T> T between(GatewayConfig from, GatewayConfig to, MoveWork<T> work)
            throws IOException, InterruptedException {
        OpenedStore.requireToBeThere(from.store());
        return opened(
                to,
                (vertx, own) -> opened(vertx, from, previous -> {
                    ObjectStore source = previous.perLoop().get();
                    ObjectStore target = own.perLoop().get();
                    return found(from, source)
                            .compose(v -> target.prepare())
                            .compose(ready -> work.on(vertx, source, target, own.time()));
                }));
    }

    /** Opens a second store for the time of some work. */
    private static <T> Future<T> opened(Vertx vertx, GatewayConfig config, Function<OpenedStore, Future<T>> work) {
        try {
            OpenedStore kind = OpenedStore.open(vertx, config, MemoryPlan.ofThisProcess(), CallTimes.UNTOLD);
            return Future.succeededFuture(kind).compose(work).eventually(() -> {
                try {
                    close(kind);
                    return Future.succeededFuture();
                } catch (IOException e) {
                    return Future.failedFuture(e);
                }
            });
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    /** Asks an S3 server for its bucket and makes nothing. */
    public static FoundBucket look(GatewayConfig config) throws IOException, InterruptedException {
        return opened(config, (vertx, kind) -> ((S3ObjectStore) kind.perLoop().get()).look());
    }

    /** Opens the store, works on an event loop, and closes whatever became of that. */
    private static <T> T opened(GatewayConfig config, BiFunction<Vertx, OpenedStore, Future<T>> work)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            OpenedStore kind = OpenedStore.open(vertx, config, MemoryPlan.ofThisProcess(), CallTimes.UNTOLD);
            try {
                return await(Future.future(promise ->
                        vertx.runOnContext(v -> work.apply(vertx, kind).onComplete(promise))));
            } finally {
                close(kind);
            }
        } finally {
            await(vertx.close());
        }
    }

    private static void close(OpenedStore kind) throws IOException {
        try {
            kind.shared().close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The store could not be closed: " + e.getMessage(), e);
        }
    }

    public static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(Reason.of(cause), cause);
        }
    }
}
