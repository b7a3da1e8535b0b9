package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.Sweeper;
import us.kbase.caching.failure.Failure;

/**
 * {@code POST /expire}: begins a sweep of everything on this node and answers at once; {@code GET /expire}: how far it is, or
 * what the last one did. For administrators.
 */
final class ExpireHandler {

    private final AuthHandler auth;
    private final Sweeper sweeper;

    ExpireHandler(AuthHandler auth, Sweeper sweeper) {
        this.auth = auth;
        this.sweeper = sweeper;
    }

    void begin(RoutingContext context) {
        admin(context)
                .onSuccess(v -> {
                    boolean began = sweeper.begin(
                            flag(context, "dry_run") ? SweepOptions.Effect.COUNT : SweepOptions.Effect.REMOVE,
                            flag(context, "force") ? SweepOptions.Stops.IGNORE : SweepOptions.Stops.HEED);
                    JsonReply.send(context.response(), began ? 202 : 200, reply());
                })
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }

    void show(RoutingContext context) {
        admin(context)
                .onSuccess(v -> JsonReply.send(context.response(), 200, reply()))
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }

    private Future<Void> admin(RoutingContext context) {
        return auth.caller(context)
                .compose(caller -> caller.admin()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Failure.Forbidden("Only administrators may expire all entries")));
    }

    private static boolean flag(RoutingContext context, String name) {
        return Boolean.parseBoolean(context.request().getParam(name, "false"));
    }

    private Map<String, ?> reply() {
        Sweeper.State state = sweeper.state();
        Map<String, Object> reply = new TreeMap<>();
        reply.put("running", state.running());
        reply.put("status", "ok");
        reply.put("summary", state.report().summary());
        return reply;
    }
}
