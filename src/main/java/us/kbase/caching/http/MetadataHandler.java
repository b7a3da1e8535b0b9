package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.EntryView;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.route.Query;
import us.kbase.caching.http.route.Target;

/** {@code GET /cache/<id>/metadata}: an entry without its bytes, also while it has none. */
final class MetadataHandler {

    private final AuthHandler auth;
    private final CacheService cache;

    MetadataHandler(AuthHandler auth, CacheService cache) {
        this.auth = auth;
        this.cache = cache;
    }

    void handle(RoutingContext context) {
        Future<EntryView> described = auth.requester(context).compose(requester -> {
            Query.none(context.request());
            return cache.describe(Target.id(context), requester);
        });
        FailureHandler.answer(context, described, shown -> {
            Map<String, Object> reply = new TreeMap<>(ListHandler.fields(shown));
            reply.put("metadata", shown.metadata());
            if (!shown.digests().isEmpty()) {
                Map<String, String> digests = new TreeMap<>();
                shown.digests().forEach(digest -> digests.put(digest.algorithm().token(), digest.base64()));
                reply.put("digests", digests);
            }
            reply.put("status", "ok");
            JsonReply.send(context.response(), 200, reply);
        });
    }
}
