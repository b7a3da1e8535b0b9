package us.kbase.caching.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CanaryRequests;
import us.kbase.caching.testing.FakeAuth2;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.TraceCollector;

/**
 * Two gateways of a cluster, one whose store is away, and the commands, with secrets that would be recognised anywhere: none is found
 * in what they log (all of it), answer, measure and trace, nor in the system's list of processes. The whole suite's reports are looked
 * through by {@code .ci/canaries}.
 */
class CanaryIT {

    private static final Pattern METRICS = Pattern.compile("Metrics are at http://127\\.0\\.0\\.1:(\\d+)/metrics");
    /** Three at once, on a machine that may be busy with something else. */
    private static final int STARTS_SECONDS_MAX = 90;

    private static final String CLUSTER = "canary-secret-of-the-whole-cluster";
    private static final String METRICS_TOKEN = "canary-token-of-prometheus";
    private static final String COLLECTOR_TOKEN = "canary-token-of-the-collector";
    private static final String WRONG_TOKEN = "canary-token-that-nobody-knows";
    private static final List<String> CANARIES = List.of(
            FakeAuth2.GOOD,
            WRONG_TOKEN,
            S3Servers.SECRET_KEY,
            CLUSTER,
            METRICS_TOKEN,
            COLLECTOR_TOKEN,
            CanaryRequests.LEASE,
            CanaryRequests.PARAMETER,
            CanaryRequests.QUERY);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();

    /** Everything that came out, by what it is. */
    private final Map<String, List<String>> found = new TreeMap<>();

    @AfterEach
    void stop() {
        http.shutdownNow();
        Await.result(vertx.close());
    }

    private void keep(String what, String text) {
        found.computeIfAbsent(what, kind -> new ArrayList<>()).add(text);
    }

    private String file(String name, String secret) throws IOException {
        return Files.writeString(folder.resolve(name), secret + "\n").toString();
    }

    private Map<String, String> environment(URI store, String bucket, URI auth, URI collector) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("CACHING_LOG", "json");
        environment.put("CACHING_LOG_LEVEL", "DEBUG");
        environment.put("CACHING_STORE_S3_ENDPOINT", store.toString());
        environment.put("CACHING_STORE_TYPE", "s3");
        environment.put("CACHING_STORE_S3_BUCKET", bucket);
        environment.put("CACHING_STORE_S3_ACCESS_KEY", S3Servers.ACCESS_KEY);
        environment.put("CACHING_STORE_S3_SECRET_KEY_FILE", file("s3", S3Servers.SECRET_KEY));
        environment.put("CACHING_AUTH_URL", auth.toString());
        environment.put("CACHING_METRICS_PORT", "0");
        environment.put("CACHING_METRICS_TOKEN_FILE", file("metrics", METRICS_TOKEN));
        environment.put("CACHING_TRACING_OTLP", collector.toString());
        environment.put("CACHING_TRACING_TOKEN_FILE", file("collector", COLLECTOR_TOKEN));
        return environment;
    }

    private Map<String, String> member(Map<String, String> alone, String own, String other) throws IOException {
        Map<String, String> environment = new HashMap<>(alone);
        environment.put("CACHING_CLUSTER_ENABLED", "true");
        environment.put("CACHING_CLUSTER_HOST", own);
        environment.put("CACHING_CLUSTER_MEMBERS", other);
        environment.put("CACHING_CLUSTER_SECRET_FILE", file("cluster", CLUSTER));
        return environment;
    }

    private static boolean starts(ServiceProcess gateway) {
        assertTrue(gateway.alive(), () -> gateway.out() + gateway.err());
        return (gateway.out() + gateway.err()).contains("listens on");
    }

    private void ask(ServiceProcess gateway) {
        for (String token : List.of(FakeAuth2.GOOD, WRONG_TOKEN)) {
            for (String request : CanaryRequests.all(token, "a-canary")) {
                String traced = request.replaceFirst(
                        "Host: x\r\n",
                        "Host: x\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
                try (RawConnection connection = new RawConnection(gateway.port()).send(traced)) {
                    keep("replies", connection.rest());
                }
            }
        }
    }

    private void look(ServiceProcess gateway) throws IOException, InterruptedException {
        String port = gateway.said(METRICS).group(1);
        for (String token : List.of(METRICS_TOKEN, WRONG_TOKEN)) {
            keep(
                    "metrics",
                    http.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                            .header("Authorization", "Bearer " + token)
                                            .build(),
                                    BodyHandlers.ofString())
                            .body());
        }
        ProcessHandle process = ProcessHandle.of(gateway.pid()).orElseThrow();
        Stream.concat(Stream.of(process), process.descendants()).forEach(each -> {
            keep("command lines", read("/proc/" + each.pid() + "/cmdline"));
            keep("environments", read("/proc/" + each.pid() + "/environ"));
        });
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commands of a user, whose token stands in the user's environment; what runs below them is looked at too. */
    private void command(int port, String... words) {
        Map<String, String> environment =
                Map.of("CACHING_SERVER", "http://127.0.0.1:" + port, "CACHING_TOKEN", FakeAuth2.GOOD);
        ServiceProcess.Ended ended = ServiceProcess.run(folder, environment, words);
        keep("commands", ended.out() + ended.err());
    }

    private void commands(int port) throws IOException {
        Files.writeString(folder.resolve("p.json"), "{\"job\":\"" + CanaryRequests.PARAMETER + "\"}");
        Files.writeString(folder.resolve("broken.json"), "{\"job\":" + CanaryRequests.PARAMETER + "}");
        String shows = "tr '\\0' ' ' </proc/$PPID/cmdline; tr '\\0' ' ' </proc/self/cmdline; echo made >result";
        command(port, "run", "--params", "p.json", "--out", "result", "--", "sh", "-c", shows);
        command(port, "get", "--params", "p.json", "copy");
        command(port, "put", "--params", "p.json", "result");
        command(port, "put", "--params", "broken.json", "result");
        command(S3Servers.freePort(), "get", "--params", "p.json", "copy");
    }

    @Test
    void noSecretComesOutOfGatewaysAndCommands() throws Exception {
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        S3Connection bucket = server.get().bucket();
        TraceCollector collector = TraceCollector.start(vertx);
        try (FakeAuth2 auth = FakeAuth2.start(vertx)) {
            Map<String, String> alone = environment(bucket.endpoint(), bucket.bucket(), auth.url(), collector.url());
            String one = "127.0.0.1:" + S3Servers.freePort();
            String two = "127.0.0.1:" + S3Servers.freePort();
            URI away = URI.create("http://127.0.0.1:" + S3Servers.freePort());
            try (ServiceProcess first = ServiceProcess.start(folder, member(alone, one, two), "serve");
                    ServiceProcess second = ServiceProcess.start(folder, member(alone, two, one), "serve");
                    ServiceProcess storeless = ServiceProcess.start(
                            folder, environment(away, bucket.bucket(), auth.url(), collector.url()), "serve")) {
                List<ServiceProcess> gateways = List.of(first, second, storeless);
                for (ServiceProcess gateway : gateways) {
                    Await.until("a start", STARTS_SECONDS_MAX, () -> starts(gateway));
                    ask(gateway);
                    look(gateway);
                }
                commands(first.port());
                auth.answers(500, "{\"broken");
                ask(second);
                keep("commands", check(member(alone, one, two)));
                for (ServiceProcess gateway : gateways) {
                    gateway.signal("TERM");
                    ServiceProcess.Ended ended = gateway.ended();
                    keep("logs", ended.out() + ended.err());
                }
            }
        }
        collector.bodies().forEach(body -> keep("traces", body));
        found.forEach((what, texts) -> {
            assertTrue(texts.stream().anyMatch(text -> !text.isEmpty()), "no " + what + " were looked at");
            for (String canary : CANARIES) {
                assertEquals(
                        List.of(),
                        texts.stream().filter(text -> text.contains(canary)).toList(),
                        canary + " in " + what);
            }
        });
        assertEquals(
                List.of("command lines", "commands", "environments", "logs", "metrics", "replies", "traces"),
                List.copyOf(found.keySet()));
    }

    private String check(Map<String, String> environment) {
        ServiceProcess.Ended ended = ServiceProcess.run(folder, environment, "check-config", "--connect");
        return ended.out() + ended.err();
    }
}
