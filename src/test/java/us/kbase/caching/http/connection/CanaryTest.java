package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CanaryRequests;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.FakeAuth2;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TraceCollector;

/** Tokens and keys that would be recognised anywhere are sent everywhere, and looked for in whatever comes out. */
class CanaryTest {

    private static final String TOKEN = FakeAuth2.GOOD;
    private static final String WRONG_TOKEN = "canary-token-that-nobody-knows";
    private static final String S3_SECRET = "canary-s3-secret-key";
    private static final String S3_SESSION = "canary-s3-session-token";
    private static final List<String> CANARIES = List.of(
            TOKEN,
            WRONG_TOKEN,
            S3_SECRET,
            S3_SESSION,
            CanaryRequests.LEASE,
            CanaryRequests.PARAMETER,
            CanaryRequests.QUERY);

    @TempDir
    Path folder;

    /** What the process printed, logged and answered, with the requests that were answered. */
    private static final class Everything implements AutoCloseable {
        private final ListAppender<ILoggingEvent> others = new ListAppender<>();
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        private final LogCapture ours = new LogCapture();
        private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        private final PrintStream out = System.out;
        private final PrintStream err = System.err;
        private final List<String> answers = new ArrayList<>();

        Everything() {
            others.start();
            root.addAppender(others);
            PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
            System.setOut(both);
            System.setErr(both);
        }

        void ask(int port, String request) {
            try (RawConnection connection = new RawConnection(port).send(request)) {
                answers.add(connection.rest());
            }
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>(answers);
            texts.addAll(ours.lines());
            List.copyOf(others.list)
                    .forEach(event -> texts.add(event.getFormattedMessage()
                            + (event.getThrowableProxy() == null
                                    ? ""
                                    : ThrowableProxyUtil.asString(event.getThrowableProxy()))));
            texts.add(printed.toString(StandardCharsets.UTF_8));
            return texts;
        }

        @Override
        public void close() {
            System.setOut(out);
            System.setErr(err);
            root.detachAppender(others);
            ours.close();
        }
    }

    private List<GatewayConfig.Store> stores() throws IOException {
        return List.of(
                new GatewayConfig.Store.Disk(folder, false),
                new GatewayConfig.Store.S3(new S3Connection(
                        URI.create("http://127.0.0.1:" + S3Servers.freePort()),
                        "no-bucket",
                        "minio",
                        new Secret(S3_SECRET),
                        Optional.of(new Secret(S3_SESSION)),
                        "us-east-1",
                        true,
                        Optional.empty(),
                        48,
                        Duration.ofMinutes(1))));
    }

    @Test
    void noTokenLeaseOrKeyComesOutAnywhere() throws IOException {
        Vertx vertx = Vertx.vertx();
        FakeAuth2 auth = FakeAuth2.start(vertx);
        TraceCollector collector = TraceCollector.start(vertx);
        try (Everything everything = new Everything()) {
            for (GatewayConfig.Store store : stores()) {
                Gateway gateway = Await.result(Gateway.start(Configs.traced(
                        collector.settings(), Configs.asking(auth.url(), Configs.of(1, Map.of(), store)))));
                Stream.of(TOKEN, WRONG_TOKEN)
                        .flatMap(token -> CanaryRequests.all(token, "a-canary").stream())
                        .forEach(request -> everything.ask(gateway.port(), request));
                auth.answers(500, "{\"broken");
                CanaryRequests.all(WRONG_TOKEN + 1, "a-canary")
                        .forEach(request -> everything.ask(gateway.port(), request));
                auth.answersAsAuth2();
                Await.result(gateway.close());
            }
            List<String> texts = new ArrayList<>(everything.texts());
            assertTrue(
                    collector.spans().size() > 50, "only " + collector.spans().size() + " spans came");
            texts.addAll(collector.bodies());
            assertTrue(texts.size() > 200, "only " + texts.size() + " texts were looked at");
            for (String canary : CANARIES) {
                assertEquals(
                        List.of(),
                        texts.stream().filter(text -> text.contains(canary)).toList());
            }
        } finally {
            auth.close();
            Await.result(vertx.close());
        }
    }

    /** The search finds what is there: a token that somebody would log. */
    @Test
    void aCanaryThatGetsOutIsFound() {
        try (Everything everything = new Everything()) {
            LoggerFactory.getLogger("us.kbase.caching.http.Careless").info("asked by {}", TOKEN);
            LoggerFactory.getLogger("elsewhere").error("asked", new IllegalStateException(WRONG_TOKEN));
            System.out.println(S3_SECRET);
            List<String> texts = everything.texts();
            for (String canary : List.of(TOKEN, WRONG_TOKEN, S3_SECRET)) {
                assertTrue(texts.stream().anyMatch(text -> text.contains(canary)), canary);
            }
        }
    }
}
