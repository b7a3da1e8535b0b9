package us.kbase.caching.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import us.kbase.caching.cache.CacheService;

/** {@code DELETE /cache/<id>}. */
final class DeleteHandler {

    private final AuthHandler auth;
    private final CacheService cache;

    DeleteHandler(AuthHandler auth, CacheService cache) {
        this.auth = auth;
        this.cache = cache;
    }

    void handle(RoutingContext context) {
        auth.caller(context)
                .compose(caller -> caller.admin()
                        ? cache.removeAny(Routes.id(context))
                        : cache.remove(Routes.id(context), caller.tokenId()))
                .onSuccess(v -> JsonReply.send(context.response(), 200, Map.of("status", "ok")))
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }
}
