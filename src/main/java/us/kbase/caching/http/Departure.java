package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;

/** When a client leaves before its reply. Event loop only. */
final class Departure {

    private Departure() {}

    /** Completes when the connection ends before the reply did; takes the response's one close handler. */
    static Future<Void> of(RoutingContext context) {
        Promise<Void> gone = Promise.promise();
        context.response().closeHandler(v -> gone.tryComplete());
        if (context.response().closed()) {
            gone.tryComplete(); // before anybody listened
        }
        return gone.future();
    }
}
