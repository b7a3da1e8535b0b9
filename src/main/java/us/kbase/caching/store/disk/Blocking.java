package us.kbase.caching.store.disk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Runs file work on the worker pool; the future completes on the caller's event loop. */
final class Blocking {

    private Blocking() {}

    /** Work whose result is never null, which the annotation of {@link Vertx#executeBlocking} cannot say. */
    @SuppressWarnings("NullAway")
    static <T> Future<T> run(Vertx vertx, Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }
}
