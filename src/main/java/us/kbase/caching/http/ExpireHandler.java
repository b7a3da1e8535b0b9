package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import us.kbase.caching.cache.EntryRules;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.Sweeper;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.route.Query;

/**
 * {@code POST /expire}: begins a sweep of everything on this node and answers at once; {@code GET /expire}: how far it is, or
 * what the last one did. For administrators.
 */
final class ExpireHandler {

    private static final String DRY_RUN = "dry_run";
    private static final String FORCE = "force";

    private final AuthHandler auth;
    private final Sweeper sweeper;

    ExpireHandler(AuthHandler auth, Sweeper sweeper) {
        this.auth = auth;
        this.sweeper = sweeper;
    }

    void begin(RoutingContext context) {
        FailureHandler.answer(context, admin(context), v -> {
            Query query = Query.of(context.request(), Set.of(DRY_RUN, FORCE));
            SweepOptions.Effect effect = query.flag(DRY_RUN) ? SweepOptions.Effect.COUNT : SweepOptions.Effect.REMOVE;
            SweepOptions.Stops stops = query.flag(FORCE) ? SweepOptions.Stops.IGNORE : SweepOptions.Stops.HEED;
            boolean began = sweeper.begin(effect, stops);
            Map<String, Object> reply = reply();
            reply.put("began", began);
            JsonReply.send(context.response(), began ? 202 : 200, reply);
        });
    }

    void show(RoutingContext context) {
        FailureHandler.answer(context, admin(context), v -> {
            Query.none(context.request());
            JsonReply.send(context.response(), 200, reply());
        });
    }

    private Future<Void> admin(RoutingContext context) {
        return auth.requester(context).map(requester -> {
            EntryRules.expire(requester);
            return null;
        });
    }

    private Map<String, Object> reply() {
        Sweeper.State state = sweeper.state();
        Map<String, Object> reply = new TreeMap<>();
        reply.put("running", state.running());
        reply.put("status", "ok");
        reply.put("summary", state.report().summary());
        reply.put("report", new TreeMap<>(state.report().fields()));
        return reply;
    }
}
