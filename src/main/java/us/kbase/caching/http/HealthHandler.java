package us.kbase.caching.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /healthz}: the process answers. {@code /readyz}: the store does too. {@code /metrics}: for Prometheus. */
final class HealthHandler {

    private final Supplier<Optional<String>> notReady;
    private final Supplier<String> scrape;

    /** Asks for the reason why the store cannot serve (none when it can), and for the metrics in Prometheus' format. */
    HealthHandler(Supplier<Optional<String>> notReady, Supplier<String> scrape) {
        this.notReady = notReady;
        this.scrape = scrape;
    }

    void alive(RoutingContext context) {
        JsonReply.send(context.response(), 200, Map.of("status", "ok"));
    }

    void ready(RoutingContext context) {
        Optional<String> reason = notReady.get();
        if (reason.isEmpty()) {
            alive(context);
        } else {
            context.response().putHeader("Retry-After", "5");
            JsonReply.send(context.response(), 503, Map.of("error", reason.get(), "status", "error"));
        }
    }

    void metrics(RoutingContext context) {
        JsonReply.send(
                context.response().putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8"), scrape.get());
    }
}
