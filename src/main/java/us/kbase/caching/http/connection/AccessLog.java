package us.kbase.caching.http.connection;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import us.kbase.caching.text.AsciiSet;
import us.kbase.caching.trace.CurrentRequest;

/**
 * One line per request, never with a token: id, method, path, status, bytes, milliseconds; as JSON also its route, user, peer and
 * trace, each a field of its own. Event loop only.
 */
public final class AccessLog {

    private static final Logger faults = LoggerFactory.getLogger(AccessLog.class);
    private static final AsciiSet ID_CHARACTERS = AsciiSet.ALPHANUMERIC.with("._-");
    private static final AsciiSet HEX = AsciiSet.range('0', '9').with(AsciiSet.range('a', 'f'));
    private static final int ID_LENGTH_MAX = 64;
    private static final int PATH_LENGTH_MAX = 200;

    /** {@code 00-<trace>-<span>-<flags>} (W3C Trace Context, section 3.2.2). */
    private static final int TRACE_START = 3;

    private static final int TRACE_LENGTH = 32;
    private static final String ROUTE = "log.route";
    private static final String USER = "log.user";

    private final Logger log;

    public AccessLog(Logger log) {
        this.log = log;
    }

    /** Tells which route a request came to: one of few names, unlike its path. */
    public static void route(RoutingContext context, String template) {
        context.put(ROUTE, template);
    }

    /** Tells who sent a request. */
    public static void user(RoutingContext context, String name) {
        context.put(USER, name);
    }

    public void handle(RoutingContext context) {
        String sent = context.request().getHeader("X-Request-Id");
        String id = sent != null && ID_CHARACTERS.spells(sent, 1, ID_LENGTH_MAX)
                ? sent
                : UUID.randomUUID().toString();
        context.response().putHeader("X-Request-Id", id);
        CurrentRequest.id(id);
        long began = System.nanoTime();
        Optional<String> peer = Optional.ofNullable(context.request().remoteAddress()) // a closed connection has none
                .map(SocketAddress::hostAddress);
        context.addEndHandler(done -> write(
                with(log.atInfo(), "peer", peer), context, id, done.failed(), (System.nanoTime() - began) / 1_000_000));
        context.next();
    }

    private static LoggingEventBuilder with(LoggingEventBuilder line, String field, Optional<String> value) {
        return value.map(known -> line.addKeyValue(field, known)).orElse(line);
    }

    private static void write(LoggingEventBuilder peer, RoutingContext context, String id, boolean cut, long millis) {
        String method = context.request().method().name();
        String path = printable(String.valueOf(context.request().path()));
        int status = context.response().getStatusCode();
        long read = context.request().bytesRead();
        long written = context.response().bytesWritten();
        LoggingEventBuilder route = with(peer, "route", Optional.ofNullable(context.get(ROUTE)));
        LoggingEventBuilder user = with(route, "user", Optional.ofNullable(context.get(USER)));
        with(user, "trace", trace(context.request().getHeader("traceparent")))
                .addKeyValue("request", id)
                .addKeyValue("method", method)
                .addKeyValue("path", path)
                .addKeyValue("status", status)
                .addKeyValue("cut", cut)
                .addKeyValue("bytes_read", read)
                .addKeyValue("bytes_written", written)
                .addKeyValue("ms", millis)
                .log(
                        "{} {} {} {} read={} written={} ms={}",
                        id,
                        method,
                        path,
                        cut ? "cut" : status,
                        read,
                        written,
                        millis);
    }

    /** That of another service's request which led to this one. */
    private static Optional<String> trace(@Nullable String parent) {
        if (parent == null || parent.length() < TRACE_START + TRACE_LENGTH) {
            return Optional.empty();
        }
        return Optional.of(parent.substring(TRACE_START, TRACE_START + TRACE_LENGTH))
                .filter(trace -> HEX.spells(trace, TRACE_LENGTH, TRACE_LENGTH));
    }

    private static String printable(String path) {
        String shown = AsciiSet.VISIBLE.shown(path, PATH_LENGTH_MAX);
        return path.length() > PATH_LENGTH_MAX ? shown + "…" : shown;
    }

    public static void replyFailed(Throwable cause) {
        faults.debug("A reply could not be sent: {}", cause.toString());
    }
}
