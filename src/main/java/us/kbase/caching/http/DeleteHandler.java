package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
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
        Future<Void> removed = auth.caller(context).compose(caller -> remove(context, caller));
        FailureHandler.answer(context, removed, v -> JsonReply.send(context.response(), 200, Map.of("status", "ok")));
    }

    private Future<Void> remove(RoutingContext context, Caller caller) {
        CacheId id = Target.id(context);
        ResultCheck check = Demands.toChange(context.request());
        if (check == ResultCheck.NONE) {
            return caller.admin() ? cache.removeAny(id) : cache.remove(id, caller.tokenId());
        }
        return caller.admin() ? cache.removeAnyIf(id, check) : cache.removeIf(id, caller.tokenId(), check);
    }
}
