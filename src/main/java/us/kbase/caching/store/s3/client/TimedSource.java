package us.kbase.caching.store.s3.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.store.s3.error.ServerSilent;
import us.kbase.caching.stream.ByteSource;

/** A source that must give within a time what it is asked for; how long nobody asks is not its fault. Event loop only. */
public final class TimedSource implements ByteSource {

    public static final long GIVING_MILLIS = 10_000;

    private final Vertx vertx;
    private final ByteSource source;
    private final long givingMillis;

    public TimedSource(Vertx vertx, ByteSource source) {
        this(vertx, source, GIVING_MILLIS);
    }

    TimedSource(Vertx vertx, ByteSource source, long givingMillis) {
        this.vertx = vertx;
        this.source = source;
        this.givingMillis = givingMillis;
    }

    @Override
    public Future<Buffer> next() {
        Future<Buffer> asked = source.next();
        if (asked.isComplete()) {
            return asked;
        }
        Promise<Buffer> promise = CallersContext.promise();
        long timer = vertx.setTimer(givingMillis, id -> {
            promise.tryFail(new Failure.Upstream( // before the source says that it was cancelled
                    "The object store broke off a download", new ServerSilent("the server gave no bytes")));
            source.cancel();
        });
        asked.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        });
        return promise.future();
    }

    @Override
    public void cancel() {
        source.cancel();
    }
}
