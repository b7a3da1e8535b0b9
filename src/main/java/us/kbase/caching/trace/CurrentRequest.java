package us.kbase.caching.trace;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The request that is served now: its id, whether its client has left, and its span where traces are made. They go with the request's
 * context through every future of it; work of the gateway itself belongs to none. Any thread.
 */
public final class CurrentRequest implements VertxServiceProvider {

    private static final ContextLocal<String> ID = ContextLocal.registerLocal(String.class);
    private static final ContextLocal<TraceSpan> SPAN = ContextLocal.registerLocal(TraceSpan.class);
    private static final ContextLocal<AtomicBoolean> LEFT = ContextLocal.registerLocal(AtomicBoolean.class);

    /** For Vert.x, which must know of a context's local data before it makes the first context. */
    public CurrentRequest() {}

    @Override
    public void init(VertxBootstrap bootstrap) {
        // loading this class registered the locals
    }

    /** From now on the current context serves the request with this id. */
    public static void id(String id) {
        Context context = Vertx.currentContext();
        if (context != null) {
            ID.put(context, id);
        }
    }

    /** The id of the request that is served now. */
    public static Optional<String> id() {
        return here(ID);
    }

    /** From now on the current context serves a request whose client may leave; whoever hears of that sets what this gives. */
    public static AtomicBoolean mayLeave() {
        AtomicBoolean left = new AtomicBoolean();
        Context context = Vertx.currentContext();
        if (context != null) {
            LEFT.put(context, left);
        }
        return left;
    }

    /** Whether nobody waits any more for what the request that is served now asked for. */
    public static boolean hasLeft() {
        return here(LEFT).map(AtomicBoolean::get).orElse(false);
    }

    /** The span of the request that is served now. */
    public static Optional<TraceSpan> span() {
        return here(SPAN);
    }

    private static <T> Optional<T> here(ContextLocal<T> local) {
        Context context = Vertx.currentContext();
        return context == null ? Optional.empty() : Optional.ofNullable(local.get(context));
    }

    static @Nullable TraceSpan span(Context context) {
        return SPAN.get(context);
    }

    static void span(Context context, TraceSpan span) {
        SPAN.put(context, span);
    }

    /**
     * The work as a part of this moment's request, also when another request's step begins it or another event loop does. What it throws
     * fails its future. Without traces it is otherwise the work as it is.
     */
    public static <T> Supplier<Future<T>> keep(Vertx vertx, Supplier<Future<T>> work) {
        Supplier<Future<T>> begun = () -> Future.succeededFuture().compose(v -> work.get());
        Optional<TraceSpan> span = span();
        if (span.isEmpty()) {
            return begun;
        }
        Optional<String> id = id();
        Optional<AtomicBoolean> left = here(LEFT);
        return () -> {
            ContextInternal own = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
            SPAN.put(own, span.get());
            id.ifPresent(known -> ID.put(own, known));
            left.ifPresent(known -> LEFT.put(own, known));
            Promise<T> done = Promise.promise();
            own.dispatch(v -> begun.get().onComplete(done));
            return done.future();
        };
    }
}
