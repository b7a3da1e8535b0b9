package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteSource;

/**
 * The body of an answer under demand: the connection is read while somebody waits for bytes and paused when nobody does, so one
 * buffer waits here at most, beside what the HTTP client had read already. Event loop only.
 */
final class ResponseSource implements ByteSource {

    private final HttpClientResponse response;
    private final Deque<Buffer> arrived = new ArrayDeque<>();
    private @Nullable Promise<Buffer> asked;
    private @Nullable Throwable broken;
    private boolean complete;
    private boolean paused = true;

    /** Takes over a paused answer. */
    ResponseSource(HttpClientResponse response) {
        this.response = response;
        response.handler(this::arrive);
        response.endHandler(v -> end());
        response.exceptionHandler(this::fail);
    }

    private void arrive(Buffer chunk) {
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(chunk);
        } else {
            arrived.add(chunk);
        }
        // Whoever was given a chunk has mostly asked for the next one by now: only if not is the connection stopped.
        if (asked == null && !paused) {
            paused = true;
            response.pause();
        }
    }

    private void end() {
        complete = true;
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(END);
        }
    }

    private void fail(Throwable cause) {
        if (complete || broken != null) {
            return;
        }
        broken = new Failure.Upstream("The object store broke off a download", cause);
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.fail(broken);
        }
    }

    @Override
    public Future<Buffer> next() {
        Buffer ready = arrived.poll();
        if (ready != null) {
            return Future.succeededFuture(ready);
        }
        if (broken != null) {
            return Future.failedFuture(broken);
        }
        if (complete) {
            return Future.succeededFuture(END);
        }
        Promise<Buffer> promise = Promise.promise();
        asked = promise;
        if (paused) {
            paused = false;
            response.resume();
        }
        return promise.future();
    }

    @Override
    public void cancel() {
        arrived.clear();
        if (!complete && broken == null) {
            fail(new IllegalStateException("cancelled"));
            response.request().reset().onFailure(S3Failures::logCleanup);
        }
    }
}
