package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.CacheId;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Shown;

/** {@code GET /cache/<id>/metadata}: an entry without its bytes, also while it has none. */
final class MetadataHandler {

    private static final Pattern SUFFIX = Pattern.compile("/metadata/?$");

    private final AuthHandler auth;
    private final CacheService cache;

    MetadataHandler(AuthHandler auth, CacheService cache) {
        this.auth = auth;
        this.cache = cache;
    }

    void handle(RoutingContext context) {
        auth.caller(context)
                .compose(caller -> describe(id(context), caller))
                .onSuccess(shown -> {
                    Map<String, Object> reply = new TreeMap<>(ListHandler.fields(shown));
                    reply.put("metadata", shown.metadata());
                    reply.put("status", "ok");
                    JsonReply.send(context.response(), 200, reply);
                })
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }

    private static CacheId id(RoutingContext context) {
        return Routes.id(
                SUFFIX.matcher(String.valueOf(context.request().path())).replaceFirst(""));
    }

    private Future<Shown> describe(CacheId id, Caller caller) {
        return caller.admin() ? cache.describeAny(id) : cache.describe(id, caller.tokenId());
    }
}
