package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.cache.id.CacheIdHasher;
import us.kbase.caching.cache.id.CanonicalJson;
import us.kbase.caching.cache.id.JsonParseException;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.Departure;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.connection.RequestBody;
import us.kbase.caching.http.json.JsonBody;

/** {@code POST /cache_id}: parameters in, cache id and what is known of it out. */
final class CacheIdHandler {

    private final AuthHandler auth;
    private final CacheService cache;
    private final JsonBody bodies;

    CacheIdHandler(AuthHandler auth, CacheService cache, JsonBody bodies) {
        this.auth = auth;
        this.cache = cache;
        this.bodies = bodies;
    }

    void handle(RoutingContext context) {
        RequestBody body = new RequestBody(context.vertx(), context.request());
        Future<Map<String, ?>> reserved = auth.caller(context)
                .compose(caller -> checkedType(context)
                        .compose(v -> bodies.read(
                                context.vertx(), body, caller.tokenId(), json -> id(json, caller.tokenId())))
                        .compose(id -> reserve(id, caller.tokenId(), Departure.of(context))));
        FailureHandler.answer(context, reserved, reply -> JsonReply.send(context.response(), 200, reply))
                .onComplete(done -> body.cancel());
    }

    private static Future<Void> checkedType(RoutingContext context) {
        String type = context.request().getHeader("Content-Type");
        String got = type == null ? "" : type;
        return got.equals("application/json")
                ? Future.succeededFuture()
                : Future.failedFuture(
                        new Failure.BadInput("Invalid Content-Type: '" + got + "'. Must be: 'application/json'."));
    }

    private static CacheId id(byte[] body, String tokenId) throws JsonParseException {
        String canonical = CanonicalJson.ofObject(body);
        if (canonical.isEmpty()) {
            throw new Failure.BadInput("Must provide non-empty JSON data for the cache identifier");
        }
        return CacheIdHasher.hash(tokenId, canonical);
    }

    private Future<Map<String, ?>> reserve(CacheId id, String tokenId, Future<?> gone) {
        return cache.reserve(id, tokenId, gone)
                .map(metadata -> Map.of("cache_id", id.value(), "metadata", metadata, "status", "ok"));
    }
}
