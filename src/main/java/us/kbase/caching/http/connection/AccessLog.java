package us.kbase.caching.http.connection;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.text.AsciiSet;

/** One line per request, never with a token: id, method, path, status, bytes, milliseconds. */
public final class AccessLog {

    private static final Logger faults = LoggerFactory.getLogger(AccessLog.class);
    private static final AsciiSet ID_CHARACTERS = AsciiSet.ALPHANUMERIC.with("._-");
    private static final int ID_LENGTH_MAX = 64;
    private static final int PATH_LENGTH_MAX = 200;

    private final Logger log;

    public AccessLog(Logger log) {
        this.log = log;
    }

    public void handle(RoutingContext context) {
        String sent = context.request().getHeader("X-Request-Id");
        String id = sent != null && ID_CHARACTERS.spells(sent, 1, ID_LENGTH_MAX)
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
        String shown = AsciiSet.VISIBLE.shown(path, PATH_LENGTH_MAX);
        return path.length() > PATH_LENGTH_MAX ? shown + "…" : shown;
    }

    public static void replyFailed(Throwable cause) {
        faults.debug("A reply could not be sent: {}", cause.toString());
    }
}
