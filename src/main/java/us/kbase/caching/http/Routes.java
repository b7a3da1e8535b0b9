package us.kbase.caching.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import us.kbase.caching.cache.CacheId;
import us.kbase.caching.failure.Failure;

/** Method and path to handler, in one list; every route also below {@code /cache}, where KBase's Python client looks. */
final class Routes {

    private static final Map<String, ?> ROOT =
            Map.of("endpoints", Map.of("api_v1", Map.of("desc", "API Version 1", "example", "GET /v1", "path", "/v1")));

    private static final Map<String, ?> V1 = Map.of(
            "routes",
            Map.of(
                    "delete_cache_file", "DELETE /cache/<cache_id>",
                    "download_cache_file", "GET /cache/<cache_id>",
                    "generate_cache_id", "POST /cache_id",
                    "root", "GET /",
                    "upload_cache_file", "POST /cache/<cache_id>"));

    private final CacheIdHandler cacheId;
    private final UploadHandler upload;
    private final DownloadHandler download;
    private final DeleteHandler delete;
    private final LeaseHandler lease;
    private final EntryRoutes entries;
    private final HealthHandler health;
    private final AccessLog accessLog;

    Routes(
            CacheIdHandler cacheId,
            UploadHandler upload,
            DownloadHandler download,
            DeleteHandler delete,
            LeaseHandler lease,
            EntryRoutes entries,
            HealthHandler health,
            AccessLog accessLog) {
        this.cacheId = cacheId;
        this.upload = upload;
        this.download = download;
        this.delete = delete;
        this.lease = lease;
        this.entries = entries;
        this.health = health;
        this.accessLog = accessLog;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(accessLog::handle);
        router.route().handler(Routes::refuseDotSegments);
        for (String mount : List.of("", "/cache")) {
            at(router, mount + "/v1/cache_id", HttpMethod.POST, cacheId::handle);
            at(router, mount + "/v1/cache/([^/]+)", HttpMethod.POST, upload::handle);
            at(router, mount + "/v1/cache/([^/]+)", HttpMethod.GET, download::handle);
            at(router, mount + "/v1/cache/([^/]+)", HttpMethod.HEAD, download::handle);
            at(router, mount + "/v1/cache/([^/]+)", HttpMethod.DELETE, delete::handle);
            at(router, mount + "/v1/cache/([^/]+)/lease", HttpMethod.POST, lease::ask);
            at(router, mount + "/v1/cache/([^/]+)/lease", HttpMethod.PUT, lease::renew);
            at(router, mount + "/v1/cache/([^/]+)/lease", HttpMethod.DELETE, lease::release);
            at(router, mount + "/v1/lease", HttpMethod.POST, lease::askByParameters);
            entries.mount(router, mount);
            at(router, mount + "/v1", HttpMethod.GET, context -> JsonReply.send(context.response(), 200, V1));
            at(router, mount, HttpMethod.GET, context -> JsonReply.send(context.response(), 200, ROOT));
        }
        at(router, "/healthz", HttpMethod.GET, health::alive);
        at(router, "/readyz", HttpMethod.GET, health::ready);
        at(router, "/metrics", HttpMethod.GET, health::metrics);
        router.errorHandler(404, context -> JsonReply.send(context.response(), 404, Map.of("status", "error")));
        router.errorHandler(
                405,
                context -> JsonReply.send(
                        context.response(), 405, Map.of("error", "Method not allowed", "status", "error")));
        router.errorHandler(400, context -> FailureHandler.fail(context, new Failure.BadInput("Malformed request")));
        router.errorHandler(
                500,
                context -> FailureHandler.fail(
                        context,
                        context.failure() == null ? new IllegalStateException("no cause") : context.failure()));
        return router;
    }

    static void at(Router router, String path, HttpMethod method, Handler<RoutingContext> handler) {
        router.routeWithRegex(method, path + "/?").handler(handler);
    }

    /** The router resolves dot segments, a proxy in front may not: such a path has no one meaning (RFC 3986 section 5.2.4). */
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)(?:^|/)(?:\\.|%2e){1,2}(?:/|$)");

    private static void refuseDotSegments(RoutingContext context) {
        if (DOT_SEGMENT.matcher(String.valueOf(context.request().path())).find()) {
            context.fail(404);
        } else {
            context.next();
        }
    }

    private static final Pattern TRAILING_SLASH = Pattern.compile("/$");

    /** The id in the path; a text that is no id names nothing. Never sent to a store undecoded or unchecked. */
    static CacheId id(RoutingContext context) {
        return id(String.valueOf(context.request().path()));
    }

    /** The id that a path ends with. */
    static CacheId id(String pathAsSent) {
        String path = TRAILING_SLASH.matcher(pathAsSent).replaceFirst("");
        return CacheId.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow(Failure.NotFound::new);
    }
}
