package us.kbase.caching.pace;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The Vert.x context of who calls, which knows its user and its trace. What goes on after a wait goes on where the wait ends: in the
 * context of a socket that was read, or of another request that gave something back. These make it go on in the caller's. Outside of
 * Vert.x's threads they change nothing. Any thread.
 */
public final class CallersContext {

    private CallersContext() {}

    /** A promise whose future is heard in the caller's context, whoever completes it. */
    public static <T> Promise<T> promise() {
        @Nullable ContextInternal caller = ContextInternal.current();
        return caller == null ? Promise.promise() : caller.promise();
    }

    /** A future that others wait for too, heard in the caller's context. */
    public static <T> Future<T> of(Future<T> shared) {
        Promise<T> own = promise();
        shared.onComplete(own);
        return own.future();
    }

    /** What another library gives, heard in the caller's context. */
    public static <T> Future<T> of(CompletionStage<T> given) {
        @Nullable ContextInternal caller = ContextInternal.current();
        return caller == null ? Future.fromCompletionStage(given) : Future.fromCompletionStage(given, caller);
    }
}
