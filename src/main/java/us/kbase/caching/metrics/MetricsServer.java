package us.kbase.caching.metrics;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.tracing.TracingPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.names.HostPort;
import us.kbase.caching.tls.ServerTls;

/**
 * {@code GET /metrics} on an address of its own. A scrape is made once for all who ask meanwhile, off the event loop; a connection
 * gets one reply and is closed, there are few of them, and none lives long. So whoever asks, and does not read, takes what
 * {@link #CONNECTIONS_MAX} replies are. Event loop only.
 */
public final class MetricsServer extends VerticleBase {

    static final int CONNECTIONS_MAX = 8;
    private static final int HEAD_BYTES_MAX = 4 * 1024;
    private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

    private final Address address;
    private final Callable<String> scrape;
    private final Set<HttpConnection> answered = new HashSet<>();
    private int connections;
    private @Nullable Future<Buffer> underWay;
    private @Nullable HttpServer server;

    /**
     * Where to listen.
     *
     * @param port 0 for a free one
     * @param token what {@code Authorization: Bearer} must say; none: everybody who can connect may ask
     * @param tls secures connections; nothing for plain ones
     * @param lifeMax after which a connection is closed, whatever it does
     */
    public record Address(String host, int port, Optional<String> token, Optional<ServerTls> tls, Duration lifeMax) {
        /** With the usual life of a connection, 20 s. */
        public Address(String host, int port, Optional<String> token, Optional<ServerTls> tls) {
            this(host, port, token, tls, Duration.ofSeconds(20));
        }

        private Address onPort(int other) {
            return new Address(host, other, token, tls, lifeMax);
        }

        private String url(int listening) {
            return (tls.isPresent() ? "https://" : "http://") + HostPort.written(host) + ":" + listening + "/metrics";
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * A server that has not started; starting fails as binding does.
     *
     * @param scrape gives the text; called on a worker thread, one call at a time
     */
    public MetricsServer(Address address, Callable<String> scrape) {
        this.address = address;
        this.scrape = scrape;
    }

    /** What is done when somebody else has the port. */
    public enum IfTaken {
        /** Says so, and fails. */
        FAIL,
        /** Says so, and takes a free one. */
        USE_ANOTHER
    }

    /** Listens; fails with a sentence that names the key. Any thread. */
    public static Future<MetricsServer> listen(Vertx vertx, Address address, IfTaken ifTaken, Callable<String> scrape) {
        Future<MetricsServer> listening = listen(vertx, address, scrape);
        return ifTaken == IfTaken.FAIL
                ? listening
                : listening.recover(cause -> {
                    log.warn("Port {} for metrics cannot be had; taking a free one", address.port());
                    return listen(vertx, address.onPort(0), scrape);
                });
    }

    private static Future<MetricsServer> listen(Vertx vertx, Address address, Callable<String> scrape) {
        MetricsServer server = new MetricsServer(address, scrape);
        return vertx.deployVerticle(server)
                .map(server)
                .onSuccess(listening -> log.info("Metrics are at {}", address.url(listening.port())))
                .recover(cause -> Future.failedFuture(new IOException(
                        "metrics.port: nothing can listen on port " + address.port() + " of " + address.host()
                                + "; stop who does, or set CACHING_METRICS_PORT.",
                        cause)));
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(HEAD_BYTES_MAX)
                .setMaxInitialLineLength(1024)
                .setMaxFormAttributeSize(0)
                .setHttp2ClearTextEnabled(false)
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setIdleTimeout(10);
        return vertx.createHttpServer(options)
                .connectionHandler(this::guard)
                .requestHandler(this::answer)
                .listen(address.port(), address.host())
                .onSuccess(listening -> server = listening);
    }

    /** The port that is listened on, once started. */
    public int port() {
        return Objects.requireNonNull(server, "not started").actualPort();
    }

    private void guard(HttpConnection connection) {
        connections++;
        address.tls().ifPresent(tls -> tls.secureOperator(((ConnectionBase) connection).channel(), address.lifeMax()));
        long end = vertx.setTimer(address.lifeMax().toMillis(), id -> close(connection));
        connection.closeHandler(v -> {
            connections--;
            answered.remove(connection);
            vertx.cancelTimer(end);
        });
        if (connections > CONNECTIONS_MAX) {
            close(connection);
        }
    }

    private static void close(HttpConnection connection) {
        connection.close().onFailure(MetricsServer::replyFailed);
    }

    /** The first request of a connection, which is closed behind the reply: of more, none is looked at until then. */
    private void answer(HttpServerRequest request) {
        if (!answered.add(request.connection())) {
            return;
        }
        request.response().putHeader("Connection", "close");
        if (!"/metrics".equals(request.path())) {
            say(request, 404, "There is only /metrics here.\n");
        } else if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            request.response().putHeader("Allow", "GET, HEAD");
            say(request, 405, "Only GET and HEAD.\n");
        } else if (!isAllowed(request)) {
            request.response().putHeader("WWW-Authenticate", "Bearer");
            say(request, 401, "Authorization: Bearer <metrics.token> is missing or wrong.\n");
        } else {
            scraped().onComplete(done -> {
                if (done.succeeded()) {
                    request.response().putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                    send(request, 200, done.result());
                } else {
                    log.warn("The metrics cannot be shown: {}", done.cause().toString());
                    say(request, 500, "The metrics cannot be shown; the log says why.\n");
                }
            });
        }
    }

    private boolean isAllowed(HttpServerRequest request) {
        if (address.token().isEmpty()) {
            return true;
        }
        String sent = Objects.requireNonNullElse(request.getHeader("Authorization"), "");
        return MessageDigest.isEqual(
                sent.getBytes(StandardCharsets.UTF_8),
                ("Bearer " + address.token().get()).getBytes(StandardCharsets.UTF_8));
    }

    private Future<Buffer> scraped() {
        if (underWay == null) {
            Future<Buffer> next = vertx.executeBlocking(scrape, false)
                    .map(text -> Buffer.buffer(Objects.requireNonNullElse(text, "")));
            underWay = next;
            return next.onComplete(done -> underWay = null);
        }
        return underWay;
    }

    private static void say(HttpServerRequest request, int status, String text) {
        request.response().putHeader("Content-Type", "text/plain; charset=utf-8");
        send(request, status, Buffer.buffer(text));
    }

    /** What a client sends besides is not read: its connection is closed with the reply. */
    private static void send(HttpServerRequest request, int status, Buffer body) {
        request.response().setStatusCode(status).putHeader("Content-Length", Integer.toString(body.length()));
        (request.method() == HttpMethod.HEAD
                        ? request.response().end()
                        : request.response().end(body))
                .onComplete(sent -> close(request.connection()));
    }

    private static void replyFailed(Throwable cause) {
        log.debug("A reply could not be sent: {}", cause.toString());
    }
}
