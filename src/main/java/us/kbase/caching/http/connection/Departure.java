package us.kbase.caching.http.connection;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import us.kbase.caching.pace.CallersContext;

/** Completes when a client leaves before it got its reply. Event loop only. */
public final class Departure {

    private Departure() {}

    /** Completes when the connection ends before the reply did. */
    public static Future<Void> of(RoutingContext context) {
        return of(
                context,
                left -> context.addEndHandler(ended -> {
                    if (ended.failed()) {
                        left.handle(null);
                    }
                }));
    }

    /**
     * Completes when the reply has left, or the connection has ended before. To be asked for before anything is waited for, since the end
     * is told once.
     */
    public static Future<Void> orReply(RoutingContext context) {
        return of(context, left -> context.addEndHandler(ended -> left.handle(null)));
    }

    private static Future<Void> of(RoutingContext context, Consumer<Handler<Void>> listen) {
        Promise<Void> gone = CallersContext.promise();
        listen.accept(v -> gone.tryComplete());
        if (context.response().closed()) {
            gone.tryComplete(); // before anybody listened
        }
        return gone.future();
    }
}
