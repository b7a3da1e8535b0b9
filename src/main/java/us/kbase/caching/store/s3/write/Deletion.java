package us.kbase.caching.store.s3.write;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.s3.error.S3Errors;

/**
 * Removes one object. A deletion hits whatever lies under its key when it lands, so it is repeated only where the server said that it
 * did nothing, and nothing is told of one whose reply was lost before the store would refuse it (docs/adr/0044). Event loop only.
 */
public final class Deletion {

    private final Vertx vertx;
    private final WriteCalls calls;
    private final String key;
    private final WriteLife life;

    /** Of the object under that key, not begun yet. */
    public Deletion(Vertx vertx, WriteCalls calls, String key) {
        this.vertx = vertx;
        this.calls = calls;
        this.key = key;
        this.life = calls.newWrite();
    }

    /** Done when nothing of that name is there, and no try of ours can land any more. */
    public Future<Void> run() {
        return calls.retries()
                .run(() -> calls.delete(key, life), S3Errors::isNotBegun)
                .recover(cause -> {
                    if (S3Errors.saysAbsent(cause)) {
                        return Future.succeededFuture();
                    }
                    return S3Errors.isUnknown(cause) ? lookWhenOver(cause) : Future.failedFuture(cause);
                });
    }

    private Future<Void> lookWhenOver(Throwable cause) {
        return life.over(vertx)
                .compose(v -> calls.look(key))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                new Failure.Upstream("The object store did not confirm a deletion; try again", cause)));
    }
}
