package us.kbase.caching.store.s3.write;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.function.Supplier;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.s3.error.S3Errors;

/**
 * A presigned conditional PUT and a presigned DELETE. The DELETE needs no condition, which not every server keeps: it is sent
 * only behind a marker that everybody leaves alone until its signature is over.
 */
public final class S3Removal implements GuardedRemoval {

    /** Others were at it too (AWS); gone; too late. */
    private static final Set<String> NOT_DONE = Set.of("ConditionalRequestConflict", "NoSuchKey", S3Errors.EXPIRED);

    private final Vertx vertx;
    private final WriteLife life;
    private final Supplier<Future<String>> mark;
    private final Supplier<Future<Void>> remove;

    /**
     * One that is armed.
     *
     * @param life of both requests, begun when what they rest on was seen
     * @param mark sends the PUT
     * @param remove sends the DELETE
     */
    public S3Removal(Vertx vertx, WriteLife life, Supplier<Future<String>> mark, Supplier<Future<Void>> remove) {
        this.vertx = vertx;
        this.life = life;
        this.mark = mark;
        this.remove = remove;
    }

    @Override
    public Future<Boolean> mark() {
        return landed(mark.get());
    }

    @Override
    public Future<Boolean> remove() {
        return landed(remove.get());
    }

    @Override
    public Future<Void> over() {
        return life.over(vertx);
    }

    private static Future<Boolean> landed(Future<?> strike) {
        return strike.map(true)
                .recover(cause -> cause instanceof Conflict || NOT_DONE.contains(S3Errors.code(cause))
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(cause));
    }
}
