package us.kbase.caching.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.TestCertificates;
import us.kbase.caching.testing.TlsConnection;
import us.kbase.caching.tls.ServerTls;
import us.kbase.caching.tls.TlsFiles;

/** Who gets the metrics, and what those hold who ask for them. */
class MetricsServerTest {

    private static final Callable<String> TEXT = () -> "up 1\n";

    private static Vertx vertx;
    private static HttpClient client;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(100));
    }

    @AfterAll
    static void stopVertx() {
        Await.result(vertx.close());
    }

    private static int serve(Optional<String> token, Callable<String> scrape) {
        return listen(new MetricsServer.Address("127.0.0.1", 0, token, Optional.empty()), scrape);
    }

    private static int listen(MetricsServer.Address address, Callable<String> scrape) {
        return Await.result(MetricsServer.listen(vertx, address, MetricsServer.IfTaken.FAIL, scrape))
                .port();
    }

    private record Reply(int status, String body) {}

    private static io.vertx.core.Future<Reply> ask(int port, HttpMethod method, String path, String authorization) {
        return client.request(new RequestOptions()
                        .setMethod(method)
                        .setPort(port)
                        .setHost("127.0.0.1")
                        .setURI(path)
                        .putHeader("Authorization", authorization))
                .compose(request -> request.send()
                        .compose(reply -> reply.body()
                                .map(body -> new Reply(reply.statusCode(), body.toString(StandardCharsets.UTF_8)))));
    }

    private static Reply get(int port) {
        return Await.result(ask(port, HttpMethod.GET, "/metrics", ""));
    }

    @Test
    void showsThem() {
        assertEquals(new Reply(200, "up 1\n"), get(serve(Optional.empty(), TEXT)));
    }

    @ParameterizedTest
    @CsvSource({"GET, /, 404", "GET, /v1, 404", "POST, /metrics, 405", "HEAD, /metrics, 200", "DELETE, /metrics, 405"})
    void hasOneRoute(String method, String path, int status) {
        int port = serve(Optional.empty(), TEXT);
        assertEquals(
                status,
                Await.result(ask(port, HttpMethod.valueOf(method), path, "")).status());
    }

    @Test
    void showsThemToWhoBringsTheToken() {
        int port = serve(Optional.of("scrape-me-if-you-can"), TEXT);
        assertEquals(
                200,
                Await.result(ask(port, HttpMethod.GET, "/metrics", "Bearer scrape-me-if-you-can"))
                        .status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "scrape-me-if-you-can", "Bearer scrape-me-if-you-ca", "Bearer scrape-me-if-you-can2"})
    void showsThemToNobodyElse(String authorization) {
        int port = serve(Optional.of("scrape-me-if-you-can"), () -> {
            throw new AssertionError("scraped");
        });
        assertEquals(
                401,
                Await.result(ask(port, HttpMethod.GET, "/metrics", authorization))
                        .status());
    }

    @Test
    void isScrapedByOneAtATimeHoweverManyAsk() {
        AtomicInteger mostAtOnce = new AtomicInteger();
        AtomicInteger atOnce = new AtomicInteger();
        int port = serve(Optional.empty(), () -> {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            atOnce.decrementAndGet();
            return "up 1\n";
        });
        List<io.vertx.core.Future<Reply>> asked = IntStream.range(0, MetricsServer.CONNECTIONS_MAX)
                .mapToObj(i -> ask(port, HttpMethod.GET, "/metrics", ""))
                .toList();
        asked.forEach(each -> assertEquals(200, Await.result(each).status()));
        assertEquals(1, mostAtOnce.get());
    }

    @Test
    void isScrapedAgainByWhoAsksLater() {
        AtomicInteger scrapes = new AtomicInteger();
        int port = serve(Optional.empty(), () -> "scrapes " + scrapes.incrementAndGet());
        assertEquals("scrapes 1", get(port).body());
        assertEquals("scrapes 2", get(port).body());
    }

    @Test
    void saysThatAScrapeFailedAndGoesOn() {
        AtomicInteger scrapes = new AtomicInteger();
        int port = serve(Optional.empty(), () -> {
            if (scrapes.incrementAndGet() == 1) {
                throw new IllegalStateException("no");
            }
            return "up 1\n";
        });
        assertEquals(500, get(port).status());
        assertEquals(200, get(port).status());
    }

    /** 24 000 of them on two connections stopped everybody when the metrics were on the clients' port. */
    @Test
    void ofManyPipelinedRequestsTheFirstIsAnswered() {
        AtomicInteger scrapes = new AtomicInteger();
        int port = serve(Optional.empty(), () -> "scrapes " + scrapes.incrementAndGet());
        try (RawConnection connection = new RawConnection(port)) {
            connection.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50));
            String replies = new String(connection.readUntilCut(), StandardCharsets.UTF_8);
            assertTrue(replies.startsWith("HTTP/1.1 200 OK"), replies);
        }
        assertEquals(1, scrapes.get());
    }

    /** With the gateway's certificate; a token proves who scrapes, so no certificate of his is asked for. */
    @Test
    void areShownByTlsAloneWhereThatIsAskedFor(@TempDir Path pem) throws IOException {
        TestCertificates ca = new TestCertificates(pem, "ca");
        TlsFiles pair = ca.signed("server");
        TlsFiles files = new TlsFiles(pair.certificate(), pair.key(), Optional.of(ca.caFile()));
        ServerTls tls = Await.result(ServerTls.open(vertx, files, Duration.ofMinutes(1)));
        int port = listen(new MetricsServer.Address("127.0.0.1", 0, Optional.of("scrape-me"), Optional.of(tls)), TEXT);
        String request = "GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer scrape-me\r\n\r\n";
        try (TlsConnection scraper = new TlsConnection(port, ca.client());
                RawConnection plain = new RawConnection(port).send(request)) {
            assertEquals("HTTP/1.1 200 OK", scraper.send(request).status());
            assertTrue(!plain.rest().contains("HTTP"));
        }
    }

    @Test
    void hasRoomAgainWhenSilentConnectionsHadTheirTime() {
        int port = listen(
                new MetricsServer.Address("127.0.0.1", 0, Optional.empty(), Optional.empty(), Duration.ofMillis(300)),
                TEXT);
        List<RawConnection> silent = new ArrayList<>();
        for (int i = 0; i < 2 * MetricsServer.CONNECTIONS_MAX; i++) {
            silent.add(new RawConnection(port));
        }
        silent.forEach(each -> assertEquals(0, each.readUntilCut().length));
        assertEquals(200, get(port).status());
        silent.forEach(RawConnection::close);
    }

    @Test
    void aPortThatWasAskedForAndIsTakenIsAnErrorThatNamesKeyAndPort() throws IOException {
        try (ServerSocket owner = new ServerSocket(0)) {
            var address =
                    new MetricsServer.Address("127.0.0.1", owner.getLocalPort(), Optional.empty(), Optional.empty());
            String said = Await.failure(
                            IOException.class, MetricsServer.listen(vertx, address, MetricsServer.IfTaken.FAIL, TEXT))
                    .getMessage();
            assertTrue(said.contains("metrics.port") && said.contains("" + owner.getLocalPort()), said);
        }
    }

    @Test
    void aUsualPortThatIsTakenIsReplacedByAFreeOne() throws IOException {
        try (ServerSocket owner = new ServerSocket(0)) {
            var address =
                    new MetricsServer.Address("127.0.0.1", owner.getLocalPort(), Optional.empty(), Optional.empty());
            int port = Await.result(MetricsServer.listen(vertx, address, MetricsServer.IfTaken.USE_ANOTHER, TEXT))
                    .port();
            assertEquals(200, get(port).status());
        }
    }
}
