package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import us.kbase.caching.cache.EntryRules;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.route.Query;
import us.kbase.caching.verify.Verifier;

/**
 * {@code POST /verify}: begins to read entries and to compare them with their digests on this node, and answers at once; {@code GET
 * /verify}: what the last verification found. For administrators.
 */
final class VerifyHandler {

    private static final String ID = "id";
    private static final String RATE = "rate";
    private static final int RATE_MIB_USUAL = 100;
    private static final int RATE_MIB_MAX = 100_000;

    private final AuthHandler auth;
    private final Verifier verifier;

    VerifyHandler(AuthHandler auth, Verifier verifier) {
        this.auth = auth;
        this.verifier = verifier;
    }

    void begin(RoutingContext context) {
        FailureHandler.answer(context, admin(context), v -> {
            Query query = Query.of(context.request(), Set.of(ID, RATE));
            long rateMib = query.integer(RATE, 1, RATE_MIB_MAX).orElse(RATE_MIB_USUAL);
            Optional<Verifier.State> begun = verifier.begin(query.text(ID).map(VerifyHandler::id), rateMib << 20);
            Map<String, Object> reply = reply(begun.orElseGet(verifier::state));
            reply.put("began", begun.isPresent());
            JsonReply.send(context.response(), begun.isPresent() ? 202 : 200, reply);
        });
    }

    private static CacheId id(String text) {
        return CacheId.parse(text).orElseThrow(() -> new Failure.BadInput(ID + " must be a cache id"));
    }

    void show(RoutingContext context) {
        FailureHandler.answer(context, admin(context), v -> {
            Query.none(context.request());
            JsonReply.send(context.response(), 200, reply(verifier.state()));
        });
    }

    private Future<Void> admin(RoutingContext context) {
        return auth.requester(context).map(requester -> {
            EntryRules.verify(requester);
            return null;
        });
    }

    private static Map<String, Object> reply(Verifier.State state) {
        Map<String, Object> reply = new TreeMap<>();
        reply.put("run", state.run());
        reply.put("running", state.running());
        reply.put("status", "ok");
        reply.put("summary", state.report().summary());
        reply.put("report", new TreeMap<>(state.report().fields()));
        return reply;
    }
}
