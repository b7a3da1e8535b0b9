package us.kbase.caching.http.about;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import us.kbase.caching.http.connection.JsonReply;

/** {@code /healthz}: the process answers. {@code /readyz}: the store does too. */
public final class HealthHandler {

    private final Supplier<Optional<String>> notReady;

    /** Asks for the reason why the store cannot serve (none when it can). */
    public HealthHandler(Supplier<Optional<String>> notReady) {
        this.notReady = notReady;
    }

    /** Says that the process answers. */
    public void alive(RoutingContext context) {
        JsonReply.send(context.response(), 200, Map.of("status", "ok"));
    }

    /** Says whether the store does too. */
    public void ready(RoutingContext context) {
        Optional<String> reason = notReady.get();
        if (reason.isEmpty()) {
            alive(context);
        } else {
            context.response().putHeader("Retry-After", "5");
            JsonReply.send(context.response(), 503, Map.of("error", reason.get(), "status", "error"));
        }
    }
}
