package us.kbase.caching.http.about;

import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import us.kbase.caching.http.connection.JsonReply;

/** {@code GET /v1/openapi.yaml} and {@code GET /docs}: what the API is, for programs and for people, as shipped with the program. */
public final class DescriptionHandler {

    /** The page has a style of its own, and needs nothing else. */
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

    /** Read once for all event loops. */
    private static final String OPEN_API = read("openapi.yaml");

    private static final String PAGE = read("api.html");

    /** Its link is relative, since the gateway does not know at which path it is mounted; of a folder's page it begins elsewhere. */
    private static final String PAGE_OF_FOLDER = PAGE.replace("href=\"v1/", "href=\"../v1/");

    private static String read(String name) {
        try (InputStream file = Objects.requireNonNull(DescriptionHandler.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the description for programs. */
    public void openApi(RoutingContext context) {
        send(context, "application/yaml", OPEN_API);
    }

    /** Sends the page for people. */
    public void page(RoutingContext context) {
        context.response().putHeader("Content-Security-Policy", POLICY);
        boolean folder = String.valueOf(context.request().path()).endsWith("/");
        send(context, "text/html; charset=utf-8", folder ? PAGE_OF_FOLDER : PAGE);
    }

    private static void send(RoutingContext context, String type, String content) {
        context.response()
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-cache")
                .putHeader("X-Content-Type-Options", "nosniff");
        JsonReply.send(context.response(), content);
    }
}
