package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.Set;

/** Work that must not be left behind when the process ends: uploads with their aborts. One event loop. */
final class OpenUploads {

    private final Set<Future<?>> running = new HashSet<>();
    private Promise<Void> none = Promise.promise();

    /** Counts the work until it is done, whichever way. */
    <T> Future<T> track(Future<T> work) {
        running.add(work);
        return work.onComplete(done -> {
            running.remove(work);
            if (running.isEmpty()) {
                none.complete();
                none = Promise.promise();
            }
        });
    }

    /** Done when nothing runs. */
    Future<Void> none() {
        return running.isEmpty() ? Future.succeededFuture() : none.future();
    }
}
