package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.EntryRules;
import us.kbase.caching.cache.EntryView;
import us.kbase.caching.cache.Listing;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.Departure;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.route.Query;
import us.kbase.caching.memory.Budget;

/** {@code GET /cache}: the caller's entries, page by page; {@code all=true}: everybody's, for administrators. */
final class ListHandler {

    private static final String ALL = "all";
    private static final String CURSOR = "cursor";
    private static final String LIMIT = "limit";
    private static final String PREFIX = "prefix";
    private static final Set<String> PARAMETERS = Set.of(ALL, CURSOR, LIMIT, PREFIX);
    private static final int LIMIT_USUAL = 100;
    private static final int LIMIT_MAX = 1000;

    /** An entry of the reply: its metadata, at most 2 KiB, as fields and as JSON. */
    private static final long ENTRY_BYTES = 4 * 1024;

    private final AuthHandler auth;
    private final CacheService cache;
    private final Budget replies;
    private final Duration waitMax;

    /**
     * Pays for replies from that.
     *
     * @param waitMax for memory
     */
    ListHandler(AuthHandler auth, CacheService cache, Budget replies, Duration waitMax) {
        this.auth = auth;
        this.cache = cache;
        this.replies = replies;
        this.waitMax = waitMax;
    }

    void handle(RoutingContext context) {
        Future<Map<String, ?>> listed = auth.caller(context).compose(caller -> list(context, caller));
        FailureHandler.answer(context, listed, reply -> JsonReply.send(context.response(), 200, reply));
    }

    private Future<Map<String, ?>> list(RoutingContext context, Caller caller) {
        Query asked = Query.of(context.request(), PARAMETERS);
        Predicate<String> owners = EntryRules.list(
                AuthHandler.requester(caller), asked.flag(ALL) ? EntryRules.Whose.ALL : EntryRules.Whose.OWN);
        int limit = asked.integer(LIMIT, 1, LIMIT_MAX).orElse(LIMIT_USUAL);
        Listing.Query query = new Listing.Query(
                asked.text(CURSOR).map(Listing::keyOf).orElse(""),
                prefix(asked.text(PREFIX).orElse("")),
                limit,
                owners);
        Future<Void> over = Departure.orReply(context);
        return replies.take(context.vertx(), limit * ENTRY_BYTES, caller.tokenId(), waitMax)
                .compose(paid -> {
                    over.onComplete(left -> paid.giveBack());
                    return over.isComplete()
                            ? Future.<Listing.Found>failedFuture(new Failure.ClientGone(null))
                            : cache.list(query);
                })
                .map(ListHandler::reply);
    }

    private static String prefix(String text) {
        if (!CacheId.isPrefix(text)) {
            throw new Failure.BadInput("prefix must be the beginning of a cache id");
        }
        return text;
    }

    private static Map<String, ?> reply(Listing.Found found) {
        JsonArray entries = new JsonArray();
        found.entries().forEach(shown -> entries.add(new JsonObject(fields(shown))));
        Map<String, Object> reply = new TreeMap<>();
        reply.put("entries", entries);
        reply.put("status", "ok");
        found.cursor().ifPresent(cursor -> reply.put("cursor", cursor));
        if (found.unreadable() > 0) {
            reply.put("unreadable", found.unreadable());
        }
        return reply;
    }

    /** One entry as all routes show it; numbers as text, like the original's metadata. */
    static Map<String, Object> fields(EntryView shown) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("cache_id", shown.id());
        fields.put("expiration", Long.toString(shown.expiresEpochSeconds()));
        fields.put("filename", shown.filename());
        if (!shown.sentName().isEmpty()) {
            fields.put("filename_sent", shown.sentName());
        }
        fields.put("size", shown.lengthBytes());
        fields.put("state", shown.state().name().toLowerCase(Locale.ROOT));
        fields.put("token_id", shown.tokenId());
        return fields;
    }
}
