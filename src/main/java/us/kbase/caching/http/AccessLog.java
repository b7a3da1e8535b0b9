package us.kbase.caching.http;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per request, never with a token: id, method, path, status, bytes, milliseconds. */
final class AccessLog {

    private static final Logger faults = LoggerFactory.getLogger(AccessLog.class);
    private static final Pattern ACCEPTED_ID = Pattern.compile("[0-9A-Za-z._-]{1,64}");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");

    private final Logger log;

    AccessLog(Logger log) {
        this.log = log;
    }

    void handle(RoutingContext context) {
        String sent = context.request().getHeader("X-Request-Id");
        String id = sent != null && ACCEPTED_ID.matcher(sent).matches()
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
        String shown = UNPRINTABLE.matcher(path).replaceAll("?");
        return shown.length() > 200 ? shown.substring(0, 200) + "…" : shown;
    }

    static void replyFailed(Throwable cause) {
        faults.debug("A reply could not be sent: {}", cause.toString());
    }
}
