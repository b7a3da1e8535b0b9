package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees what S3 holds of uploads that came to nothing, behind the reply to their client. What cannot be freed now is kept in
 * memory and tried again; it is lost with the process, and then the sweep of abandoned uploads and the server's own clean-up
 * take over. Event loop only.
 */
final class PendingAborts {

    private static final Logger log = LoggerFactory.getLogger(PendingAborts.class);
    private static final int KEPT_MAX = 1_000;
    private static final int AT_ONCE = 8;
    private static final long PAUSE_MILLIS = 1_000;
    private static final long PAUSE_MILLIS_MAX = 60_000;

    private record Left(String key, String upload) {}

    private final Vertx vertx;
    private final S3Calls calls;
    private final Deque<Left> left = new ArrayDeque<>();
    private long pauseMillis = PAUSE_MILLIS;
    private long timer = -1;

    PendingAborts(Vertx vertx, S3Calls calls) {
        this.vertx = vertx;
        this.calls = calls;
    }

    /** Aborts an upload, now or later; nobody needs to wait for it. */
    void abort(String key, String upload) {
        tried(new Left(key, upload)).onFailure(S3Failures::logCleanup);
    }

    /** How many wait for another try. */
    int size() {
        return left.size();
    }

    /** Forgets what is left. */
    void close() {
        left.clear();
        vertx.cancelTimer(timer);
    }

    private Future<Boolean> tried(Left each) {
        return calls.ifThere(calls.abort(each.key(), each.upload())).map(true).onFailure(cause -> keep(each, cause));
    }

    private void keep(Left each, Throwable cause) {
        if (left.size() >= KEPT_MAX) {
            Left oldest = left.remove();
            log.warn(
                    "An upload of {} stays open in the object store, as too many do: {}",
                    oldest.key(),
                    cause.toString());
        }
        left.add(each);
        if (timer < 0) {
            timer = vertx.setTimer(pauseMillis, id -> again());
        }
    }

    private void again() {
        List<Future<Boolean>> tries = new ArrayList<>();
        for (int i = Math.min(AT_ONCE, left.size()); i > 0; i--) {
            tries.add(tried(left.remove()));
        }
        // While the timer's number stands, a failure does not set another one.
        Future.join(tries).onComplete(done -> {
            pauseMillis = done.succeeded() ? PAUSE_MILLIS : Math.min(PAUSE_MILLIS_MAX, 2 * pauseMillis);
            timer = left.isEmpty() ? -1 : vertx.setTimer(pauseMillis, id -> again());
        });
    }
}
