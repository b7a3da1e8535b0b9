package us.kbase.caching.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.Map;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.about.DescriptionHandler;
import us.kbase.caching.http.about.HealthHandler;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.route.RequestTimes;
import us.kbase.caching.http.route.Resource;
import us.kbase.caching.http.route.RouteTable;

/** Method and resource to handler, in one list. */
public final class Routes {

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
    private final DescriptionHandler description = new DescriptionHandler();
    private final AccessLog accessLog;
    private final Cors cors;
    private final RequestTimes times;

    Routes(
            CacheIdHandler cacheId,
            UploadHandler upload,
            DownloadHandler download,
            DeleteHandler delete,
            LeaseHandler lease,
            EntryRoutes entries,
            HealthHandler health,
            AccessLog accessLog,
            Cors cors,
            RequestTimes times) {
        this.cacheId = cacheId;
        this.upload = upload;
        this.download = download;
        this.delete = delete;
        this.lease = lease;
        this.entries = entries;
        this.health = health;
        this.accessLog = accessLog;
        this.cors = cors;
        this.times = times;
    }

    Router router(Vertx vertx) {
        RouteTable table = table();
        Router router = Router.router(vertx);
        router.route().handler(accessLog::handle);
        cors.addTo(router);
        router.route().handler(table::answer);
        router.errorHandler(
                404,
                context -> { // a path that does not begin with a slash never comes to a handler
                    cors.addTo(context.request());
                    table.unknown(context);
                });
        router.errorHandler(400, context -> {
            cors.addTo(context.request());
            FailureHandler.fail(context, new Failure.BadInput("Malformed request"));
        });
        router.errorHandler(
                500,
                context -> FailureHandler.fail(
                        context,
                        context.failure() == null ? new IllegalStateException("no cause") : context.failure()));
        return router;
    }

    public RouteTable table() {
        RouteTable table = new RouteTable(times)
                .on(HttpMethod.GET, Resource.ROOT, context -> JsonReply.send(context.response(), 200, ROOT))
                .on(HttpMethod.GET, Resource.V1, context -> JsonReply.send(context.response(), 200, V1))
                .on(HttpMethod.POST, Resource.CACHE_ID, cacheId::handle)
                .on(HttpMethod.POST, Resource.ENTRY, upload::form)
                .on(HttpMethod.PUT, Resource.ENTRY, upload::file)
                .on(HttpMethod.GET, Resource.ENTRY, download::asTheOriginal)
                .on(HttpMethod.HEAD, Resource.ENTRY, download::asTheOriginal)
                .on(HttpMethod.GET, Resource.ENTRY_FILE, download::byItsName)
                .on(HttpMethod.DELETE, Resource.ENTRY, delete::handle)
                .on(HttpMethod.POST, Resource.ENTRY_LEASE, lease::ask)
                .on(HttpMethod.PUT, Resource.ENTRY_LEASE, lease::renew)
                .on(HttpMethod.DELETE, Resource.ENTRY_LEASE, lease::release)
                .on(HttpMethod.POST, Resource.LEASE, lease::askByParameters)
                .on(HttpMethod.GET, Resource.OPENAPI, description::openApi)
                .on(HttpMethod.GET, Resource.DOCS, description::page)
                .on(HttpMethod.GET, Resource.ALIVE, health::alive)
                .on(HttpMethod.GET, Resource.READY, health::ready);
        entries.addTo(table);
        return table;
    }
}
