package us.kbase.caching.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Tells browsers which pages' scripts may call this gateway (Fetch standard, section 3.2 "CORS protocol"). It refuses nobody: a
 * browser does that, and every other client needs no permission of ours. Vert.x's {@code CorsHandler} answers 403 to each origin that
 * is not listed, so to the gateway's own pages too. Callers are known by {@code Authorization} alone, never by a cookie, and so
 * credentials are not allowed. Event loop only.
 *
 * @param origins as browsers write them; {@code *} alone for every page, empty for no word of this in any reply
 */
record Cors(Set<String> origins) {

    private static final String EVERY_PAGE = "*";

    static final String METHODS = "DELETE, GET, HEAD, POST, PUT";

    /** What the routes read. */
    static final String REQUEST_HEADERS =
            "Authorization, Cache-Compute-Seconds, Cache-Expires-Days, Cache-File-Digest, Cache-Lease, Content-Digest,"
                    + " Content-Disposition, Content-MD5, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Range,"
                    + " Repr-Digest, traceparent, x-amz-checksum-crc32c, x-amz-checksum-crc64nvme, X-Request-Id";

    /** What replies say beside the headers that every script may read. */
    static final String REPLY_HEADERS =
            "Accept-Ranges, Allow, Cache-Compute-Seconds, Cache-Digest, Content-Disposition, Content-Range, Date, ETag, Repr-Digest, Retry-After,"
                    + " X-Request-Id";

    /** For how long a browser need not ask again; Chromium takes no more. */
    private static final String PREFLIGHT_SECONDS = "7200";

    void addTo(Router router) {
        if (!origins.isEmpty()) {
            router.route().handler(this::handle);
        }
    }

    /** The reply is that of the route, with what this adds: {@code OPTIONS} is answered everywhere, and asks for no token. */
    private void handle(RoutingContext context) {
        addTo(context.request());
        context.next();
    }

    /** Adds to the reply to a request, also to one that no route will see: a page must be able to read why it was refused. */
    void addTo(HttpServerRequest request) {
        if (origins.isEmpty()) {
            return;
        }
        HttpServerResponse response = request.response();
        boolean everyPage = origins.contains(EVERY_PAGE);
        if (!everyPage) {
            response.putHeader("Vary", "Origin"); // also where it is absent, or a cache would give that reply to a page
        }
        String origin = request.getHeader("Origin");
        if (origin != null && (everyPage || origins.contains(origin))) {
            response.putHeader("Access-Control-Allow-Origin", everyPage ? EVERY_PAGE : origin);
            allow(request, response);
        }
    }

    private static void allow(HttpServerRequest request, HttpServerResponse response) {
        boolean preflight = request.method().equals(HttpMethod.OPTIONS)
                && request.getHeader("Access-Control-Request-Method") != null;
        if (preflight) {
            response.putHeader("Access-Control-Allow-Methods", METHODS)
                    .putHeader("Access-Control-Allow-Headers", REQUEST_HEADERS)
                    .putHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS);
        } else {
            response.putHeader("Access-Control-Expose-Headers", REPLY_HEADERS);
        }
    }
}
