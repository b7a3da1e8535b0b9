package us.kbase.caching.http.route;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.trace.CurrentRequest;

/**
 * Which handler answers which method of which resource. {@code HEAD} is answered wherever {@code GET} is (RFC 9110 section 9.3.2)
 * and {@code OPTIONS} everywhere (section 9.3.7); any other method of a known path is 405 with the methods that there are
 * (section 15.5.6). Filled before the first request, then read on one event loop.
 */
public final class RouteTable {

    private static final String SERVER = "*";
    private static final String OTHER = "other";

    private final Map<Resource, Map<HttpMethod, Handler<RoutingContext>>> handlers = new EnumMap<>(Resource.class);

    private final RequestTimes times;

    /** An empty one that tells how long requests took. */
    public RouteTable(RequestTimes times) {
        this.times = times;
    }

    /** Adds a handler. */
    @CanIgnoreReturnValue
    public RouteTable on(HttpMethod method, Resource resource, Handler<RoutingContext> handler) {
        handlers.computeIfAbsent(resource, r -> new LinkedHashMap<>()).put(method, handler);
        return this;
    }

    /** Answers a request by its path and method. */
    public void answer(RoutingContext context) {
        Optional<Target> target = Target.parse(String.valueOf(context.request().path()));
        measure(context, target.map(Target::resource));
        if (target.isPresent()) {
            target.get().keep(context);
            AccessLog.route(context, target.get().resource().template());
            answer(context, handlers.getOrDefault(target.get().resource(), Map.of()));
        } else {
            unknown(context);
        }
    }

    private void measure(RoutingContext context, Optional<Resource> resource) {
        String operation = resource.flatMap(
                        named -> operation(named, context.request().method()))
                .orElse(OTHER);
        CurrentRequest.span().ifPresent(span -> span.operation(operation));
        long began = System.nanoTime();
        AtomicBoolean left = CurrentRequest.mayLeave();
        context.addEndHandler(done -> {
            left.set(done.failed());
            times.ended(
                    operation,
                    done.succeeded() ? context.response().getStatusCode() / 100 + "xx" : "cut",
                    System.nanoTime() - began);
        });
    }

    private Optional<String> operation(Resource resource, HttpMethod method) {
        Map<HttpMethod, Handler<RoutingContext>> methods = handlers.getOrDefault(resource, Map.of());
        boolean answered =
                methods.containsKey(method) || method.equals(HttpMethod.HEAD) && methods.containsKey(HttpMethod.GET);
        return Optional.of(method + " " + resource.template()).filter(name -> answered);
    }

    private static void answer(RoutingContext context, Map<HttpMethod, Handler<RoutingContext>> methods) {
        HttpMethod method = context.request().method();
        Handler<RoutingContext> handler = methods.get(method);
        if (handler == null && method.equals(HttpMethod.HEAD)) {
            handler = methods.get(HttpMethod.GET);
        }
        if (handler != null) {
            handler.handle(context);
            return;
        }
        context.response().putHeader("Allow", allowed(methods.keySet()));
        if (method.equals(HttpMethod.OPTIONS)) {
            context.response().setStatusCode(204).end().onFailure(AccessLog::replyFailed);
        } else {
            JsonReply.send(context.response(), 405, Map.of("error", "Method not allowed", "status", "error"));
        }
    }

    /** Answers for a path that there is not; of these, {@code *} stands for the whole server. */
    public void unknown(RoutingContext context) {
        if (SERVER.equals(context.request().uri()) && context.request().method().equals(HttpMethod.OPTIONS)) {
            Set<HttpMethod> all = handlers.values().stream()
                    .flatMap(methods -> methods.keySet().stream())
                    .collect(Collectors.toSet());
            context.response()
                    .putHeader("Allow", allowed(all))
                    .setStatusCode(204)
                    .end()
                    .onFailure(AccessLog::replyFailed);
        } else {
            JsonReply.send(context.response(), 404, Map.of("status", "error"));
        }
    }

    private static String allowed(Set<HttpMethod> methods) {
        Set<String> names = new TreeSet<>(methods.stream().map(HttpMethod::name).toList());
        names.add(HttpMethod.OPTIONS.name());
        if (names.contains(HttpMethod.GET.name())) {
            names.add(HttpMethod.HEAD.name());
        }
        return String.join(", ", names);
    }

    /** {@code METHOD /path} of every handler. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        handlers.forEach((resource, methods) ->
                methods.keySet().forEach(method -> names.add(method + " " + resource.template())));
        return names;
    }
}
