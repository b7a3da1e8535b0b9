package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.http.connection.Departure;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.route.Target;

/** {@code DELETE /cache/<id>}. */
final class DeleteHandler {

    private final AuthHandler auth;
    private final CacheService cache;

    DeleteHandler(AuthHandler auth, CacheService cache) {
        this.auth = auth;
        this.cache = cache;
    }

    void handle(RoutingContext context) {
        Future<Void> removed = auth.requester(context).compose(requester -> remove(context, requester));
        FailureHandler.answer(context, removed, v -> JsonReply.send(context.response(), 200, Map.of("status", "ok")));
    }

    private Future<Void> remove(RoutingContext context, Requester requester) {
        return cache.remove(Target.id(context), requester, Demands.toChange(context.request()), Departure.of(context));
    }
}
