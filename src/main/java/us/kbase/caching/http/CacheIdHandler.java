package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import us.kbase.caching.cache.CacheId;
import us.kbase.caching.cache.CacheIdHasher;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.CanonicalJson;
import us.kbase.caching.cache.JsonParseException;
import us.kbase.caching.failure.Failure;

/** {@code POST /cache_id}: parameters in, cache id and what is known of it out. */
final class CacheIdHandler {

    private final AuthHandler auth;
    private final CacheService cache;

    CacheIdHandler(AuthHandler auth, CacheService cache) {
        this.auth = auth;
        this.cache = cache;
    }

    void handle(RoutingContext context) {
        GatedRequest body = new GatedRequest(context.vertx(), context.request());
        Future<Map<String, ?>> reserved = auth.caller(context)
                .compose(caller -> checkedType(context)
                        .compose(v -> SmallBody.collect(body))
                        .compose(bytes -> reserve(bytes, caller.tokenId(), Departure.of(context))));
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

    private Future<Map<String, ?>> reserve(byte[] body, String tokenId, Future<?> gone) {
        String canonical;
        try {
            canonical = CanonicalJson.ofObject(body);
        } catch (JsonParseException e) {
            return Future.failedFuture(new Failure.BadInput("JSON parsing error: " + e.getMessage()));
        }
        if (canonical.isEmpty()) {
            return Future.failedFuture(
                    new Failure.BadInput("Must provide non-empty JSON data for the cache identifier"));
        }
        CacheId id = CacheIdHasher.hash(tokenId, canonical);
        return cache.reserve(id, tokenId, gone)
                .map(metadata -> Map.of("cache_id", id.value(), "metadata", metadata, "status", "ok"));
    }
}
