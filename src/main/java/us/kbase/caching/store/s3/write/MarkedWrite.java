package us.kbase.caching.store.s3.write;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.WrongChecksum;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.error.ServerGone;

/**
 * Publishes one content under the conditions of a guard. Every try carries the same mark, so a refusal that our own first try caused is
 * success, and a try may be repeated. Nothing is told while a try can still land: a failure never, and a success only where an
 * earlier try could replace what is uploaded after it (docs/adr/0044). Event loop only.
 */
public final class MarkedWrite {

    private final Vertx vertx;
    private final WriteCalls calls;
    private final String key;
    private final Map<String, String> metadata;
    private final Guard guard;
    private final Function<WriteAttempt, Future<String>> trial;
    private final WriteLife life;

    /** A try was sent of which nobody knows whether it landed or may yet. */
    private boolean unknown;

    /** One of them was sent under a condition that may hold again when something else has been uploaded meanwhile. */
    private boolean mayReplaceLater;

    /**
     * A content that is ready.
     *
     * @param metadata with its {@link WriteMark}
     * @param trial sends it once; gives the ETag
     */
    public MarkedWrite(
            Vertx vertx,
            WriteCalls calls,
            String key,
            Map<String, String> metadata,
            Guard guard,
            Function<WriteAttempt, Future<String>> trial) {
        this.vertx = vertx;
        this.calls = calls;
        this.key = key;
        this.metadata = metadata;
        this.guard = guard;
        this.trial = trial;
        this.life = calls.newWrite();
    }

    /** Gives the ETag of what was published. */
    public Future<String> run() {
        return guard.publish(this::under)
                .compose(etag -> mayReplaceLater ? life.over(vertx).map(etag) : Future.succeededFuture(etag));
    }

    /** The ETag of what was published; nothing where the condition did not hold, and the guard is asked again. */
    private Future<Optional<String>> under(Precondition condition) {
        return calls.retries()
                .run(() -> tried(condition), S3Errors::mayPass)
                .map(Optional::of)
                .recover(cause -> {
                    if (WrongChecksum.published(cause).isPresent()) {
                        return Future.failedFuture(cause); // it landed: our mark is on it, and it is not what was sent
                    }
                    boolean refused = cause instanceof Conflict || S3Errors.saysAbsent(cause);
                    Supplier<Future<Optional<String>>> otherwise =
                            refused ? () -> refused(cause) : () -> Future.failedFuture(cause);
                    if (unknown) {
                        return lookedUp(
                                cause, refused && !guard.toleratesUnknownTries() ? () -> replaced(cause) : otherwise);
                    }
                    return refused ? ownOr(otherwise) : otherwise.get();
                });
    }

    /** One try. That of an earlier one nothing is known counts also when a later one was refused, or did not begin. */
    private Future<String> tried(Precondition condition) {
        return trial.apply(new WriteAttempt(metadata, condition, life)).onFailure(cause -> {
            if (S3Errors.isUnknown(cause)) {
                unknown = true;
                mayReplaceLater |= condition.mayHoldAgain();
            }
        });
    }

    /** The condition did not hold, or there is nothing that it could hold on. */
    private static Future<Optional<String>> refused(Throwable cause) {
        return S3Errors.code(cause).equals("NoSuchUpload")
                ? Future.failedFuture(
                        new Failure.Upstream("The object store dropped an upload; send the file again", cause))
                : Future.succeededFuture(Optional.empty());
    }

    /** Whether an own try landed before is not known, and cannot be found out any more. */
    private static Future<Optional<String>> replaced(Throwable cause) {
        return Future.failedFuture(new Failure.Upstream(
                "The object store did not confirm an upload, and its entry changed meanwhile; send the file again",
                cause));
    }

    /** What was written may be there already, and may still come as long as the last try is good. */
    private Future<Optional<String>> lookedUp(Throwable cause, Supplier<Future<Optional<String>>> otherwise) {
        unknown = false;
        if (cause.getCause() instanceof ServerGone) {
            return life.over(vertx).compose(v -> Future.failedFuture(cause)); // nobody is there who could be asked
        }
        Supplier<Future<Optional<String>>> nothing = () -> Future.succeededFuture(Optional.empty());
        return ownOr(() -> life.over(vertx).compose(v -> ownOr(nothing)))
                .recover(unseen -> life.over(vertx).compose(v -> Future.failedFuture(unseen)))
                .compose(own -> own.isPresent() ? Future.succeededFuture(own) : otherwise.get());
    }

    private Future<Optional<String>> ownOr(Supplier<Future<Optional<String>>> other) {
        return calls.look(key)
                .compose(found -> found.map(Observation::stored)
                        .filter(stored -> WriteMark.isSame(metadata, stored.metadata()))
                        .map(stored -> Future.succeededFuture(Optional.of(stored.etag())))
                        .orElseGet(other));
    }
}
