package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** Requests that Vert.x fails with before, or after, a handler of ours hears of them: none is left without an end. */
class UnheardRequestsTest {

    private static final String REQUEST =
            "GET /v1/cache/unknown HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n\r\n";

    @TempDir
    Path folder;

    /** Metrics as Micrometer's: what they need and do not have is a null pointer. */
    private static class Metrics implements HttpServerMetrics<Object, Object, Object> {

        @Override
        public Object connected(SocketAddress remote, String name) {
            return new Object();
        }

        @Override
        public Object requestBegin(Object connection, HttpRequest request) {
            return Objects.requireNonNull(connection, "no metric of the connection");
        }

        @Override
        public void requestReset(Object request) {
            Objects.requireNonNull(request, "no metric of the request");
        }

        @Override
        public void exceptionOccurred(Object connection, SocketAddress remote, Throwable cause) {
            Objects.requireNonNull(connection, "no metric of the connection");
        }
    }

    private LoopGateway gateway(Metrics metrics) {
        VertxMetrics all = new VertxMetrics() {
            @Override
            public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(HttpServerOptions options, SocketAddress local) {
                return metrics;
            }
        };
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setMetricsOptions(new MetricsOptions().setEnabled(true)))
                .withMetrics(options -> all)
                .build();
        return LoopGateway.on(vertx, folder, LoopGateway.Setup.usual());
    }

    /** As while the server began: the connection was accepted before there were metrics, and its request came after. */
    @Test
    void aConnectionThatIsNotCountedIsClosedByItsFirstRequest() {
        Metrics late = new Metrics() {
            @Override
            public Object connected(SocketAddress remote, String name) {
                return null;
            }
        };
        try (LogCapture log = new LogCapture();
                LoopGateway gateway = gateway(late);
                RawConnection connection = new RawConnection(gateway.port())) {
            assertEquals("", connection.send(REQUEST).rest());
            assertTrue(
                    log.lines().stream().anyMatch(line -> line.contains("closed without an answer")),
                    log.lines()::toString);
        }
    }

    @Test
    void aConnectionWhoseReplyCouldNotBeCountedIsClosedByTheNextRequest() {
        Metrics full = new Metrics() {
            @Override
            public void responseEnd(Object request, HttpResponse response, long bytes) {
                throw new IllegalStateException("cannot be counted");
            }
        };
        try (LoopGateway gateway = gateway(full);
                RawConnection connection = new RawConnection(gateway.port())) {
            assertTrue(connection.send(REQUEST).head().startsWith("HTTP/1.1 404 "));
            String rest = connection.send(REQUEST).rest();
            assertFalse(rest.contains("HTTP/1.1"), rest);
        }
    }

    @Test
    void aConnectionWhoseRequestsAreCountedGoesOn() {
        try (LoopGateway gateway = gateway(new Metrics());
                RawConnection connection = new RawConnection(gateway.port())) {
            String head = connection.send(REQUEST).head();
            Matcher length = Pattern.compile("content-length: ([0-9]+)").matcher(head);
            assertTrue(length.find(), head);
            connection.read(Integer.parseInt(length.group(1)));
            assertTrue(connection.send(REQUEST).head().startsWith("HTTP/1.1 404 "));
        }
    }
}
