package us.kbase.caching.http;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per request, never with a token: id, method, path, status, bytes, milliseconds. */
final class AccessLog {

    private static final Logger log = LoggerFactory.getLogger("us.kbase.caching.access");
    private static final String ACCEPTED_ID = "[0-9A-Za-z._-]{1,64}";

    private AccessLog() {}

    static void handle(RoutingContext context) {
        String sent = context.request().getHeader("X-Request-Id");
        String id = sent != null && sent.matches(ACCEPTED_ID)
                ? sent
                : UUID.randomUUID().toString();
        context.response().putHeader("X-Request-Id", id);
        long began = System.nanoTime();
        context.addEndHandler(done -> log.info(
                "{} {} {} {} read={} written={} ms={}",
                id,
                context.request().method(),
                printable(String.valueOf(context.request().path())),
                done.succeeded() ? context.response().getStatusCode() : "cut",
                context.request().bytesRead(),
                context.response().bytesWritten(),
                (System.nanoTime() - began) / 1_000_000));
        context.next();
    }

    private static String printable(String path) {
        String shown = path.replaceAll("[^!-~]", "?");
        return shown.length() > 200 ? shown.substring(0, 200) + "…" : shown;
    }

    static void replyFailed(Throwable cause) {
        log.debug("A reply could not be sent: {}", cause.toString());
    }
}
