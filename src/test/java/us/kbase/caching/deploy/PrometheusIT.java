package us.kbase.caching.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.cluster.Membership;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestCertificates;
import us.kbase.caching.trace.Traces;

/** A real Prometheus scrapes gateways at work: it takes their metrics and our rules, and each panel of the dashboard has data. */
class PrometheusIT {

    private static final int SECONDS_MAX = 60;

    /** Over how long rates are taken, where a dashboard would choose. */
    private static final String STEP = "10s";

    @TempDir
    Path folder;

    private final List<Gateway> gateways = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private Process prometheus;
    private int port;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Tool.isHere("prometheus"), "no prometheus here");
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        Map<String, String> users = Map.of(JobClient.TOKEN, "alice");
        serve(Configs.of(1, users, new GatewayConfig.Store.Disk(folder.resolve("data"), false)));
        serve(Configs.of(1, users, Configs.store(server.get().bucket())));
        port = S3Servers.freePort();
        Path config = folder.resolve("prometheus.yaml");
        String targets = String.join(
                ", ",
                gateways.stream()
                        .map(gateway -> "\"127.0.0.1:" + gateway.metricsPort().orElseThrow() + "\"")
                        .toList());
        Files.writeString(
                config,
                "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
                        + "rule_files: ["
                        + Path.of("deploy/monitoring/alerts.yaml").toAbsolutePath() + "]\n"
                        + "scrape_configs:\n  - job_name: caching-service\n    static_configs: [{targets: [" + targets
                        + "]}]\n");
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    private void serve(GatewayConfig config) {
        gateways.add(Await.result(Gateway.start(config)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (prometheus != null) {
            prometheus.destroyForcibly().waitFor();
        }
        gateways.forEach(gateway -> Await.result(gateway.close()));
        http.shutdownNow();
    }

    /** The answer; an empty one until Prometheus listens and has read its data, as it says with 503 and no JSON. */
    private JsonObject asked(String path) {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .build();
        try {
            HttpResponse<String> answer = http.send(question, BodyHandlers.ofString());
            return answer.statusCode() == 503 ? new JsonObject() : new JsonObject(answer.body());
        } catch (IOException notYet) {
            return new JsonObject();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private JsonArray result(String expression) {
        JsonObject data = asked("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .getJsonObject("data", new JsonObject());
        return data.getJsonArray("result", new JsonArray());
    }

    /** A number, in at least one series; a quantile of nothing is none. */
    private boolean hasData(String expression) {
        return result(expression).stream()
                .map(JsonObject.class::cast)
                .map(series -> series.getJsonArray("value").getString(1))
                .anyMatch(value -> !value.equals("NaN"));
    }

    private static List<String> panels() throws IOException {
        JsonObject dashboard = new JsonObject(Files.readString(Path.of("deploy/monitoring/dashboard.json")));
        return dashboard.getJsonArray("panels").stream()
                .map(JsonObject.class::cast)
                .flatMap(panel -> panel.getJsonArray("targets", new JsonArray()).stream())
                .map(JsonObject.class::cast)
                .map(target ->
                        target.getString("expr").replace("$instance", ".*").replace("$__rate_interval", STEP))
                .toList();
    }

    private void work(int job) {
        for (Gateway gateway : gateways) {
            try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
                String id = client.cacheId(new JsonObject().put("job", job));
                assertEquals(200, client.upload(id, "result " + job).status());
                assertEquals(200, client.download(id).status());
                assertEquals(200, client.delete(id).status());
            }
        }
    }

    @Test
    void everyPanelHasDataUnderLoadAndTheRulesAreLoaded() throws IOException {
        List<String> missing = new ArrayList<>(panels());
        assertTrue(missing.size() > 15, missing.toString());
        int[] job = new int[1];
        Await.until("data of every panel", SECONDS_MAX, () -> {
            work(job[0]++);
            missing.removeIf(this::hasData);
            if (job[0] % 500 == 0) {
                System.out.println("Panels without data yet: " + missing);
            }
            return missing.isEmpty();
        });
        assertEquals(2, result("up{job=\"caching-service\"} == 1").size());
        List<String> health = asked("rules").getJsonObject("data").getJsonArray("groups").stream()
                .map(JsonObject.class::cast)
                .flatMap(group -> group.getJsonArray("rules").stream())
                .map(JsonObject.class::cast)
                .map(rule -> rule.getString("name") + " " + rule.getString("health"))
                .toList();
        assertTrue(health.size() >= 9 && health.stream().allMatch(rule -> rule.endsWith(" ok")), health.toString());
    }

    @Test
    void callsOfS3AreShownByTheirOperation() {
        Await.until("calls of a job", SECONDS_MAX, () -> {
            work(0);
            return List.of("S3 PutObject", "S3 GetObject", "S3 DeleteObject").stream()
                    .allMatch(operation -> hasData(
                            "caching_calls_seconds_count{outcome=\"2xx\",operation=\"" + operation + "\"} > 0"));
        });
    }

    /** Of the libraries neither, and with everything on that a gateway can show. */
    @Test
    void promtoolHasNoRemarkOnAnyMetric() throws IOException, InterruptedException {
        work(0);
        serve(withEverything(S3Servers.minio().orElseThrow().bucket()));
        for (Gateway gateway : gateways) {
            Await.until("pauses of collections", SECONDS_MAX, () -> {
                System.gc();
                return scraped(gateway).contains("jvm_gc_pause_seconds_count");
            });
            Path file = Files.writeString(folder.resolve("scraped"), scraped(gateway));
            assertEquals("", Tool.run(List.of("promtool", "check", "metrics"), file));
        }
    }

    private GatewayConfig withEverything(S3Connection bucket) throws IOException {
        Membership.Address own = Membership.Address.parse("127.0.0.1:" + S3Servers.freePort());
        Membership cluster =
                new Membership(bucket.bucket(), new Secret("a secret of thirty-two characters"), own, List.of(own));
        URI nobody = URI.create("http://127.0.0.1:1");
        GatewayConfig secured = Configs.withTls(
                new TestCertificates(folder, "ca").signed("server"),
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(bucket)));
        return Configs.traced(
                new Traces.Settings(nobody, 100, Optional.empty()),
                Configs.asking(nobody, Configs.in(cluster, secured)));
    }

    private String scraped(Gateway gateway) {
        URI metrics = URI.create("http://127.0.0.1:" + gateway.metricsPort().orElseThrow() + "/metrics");
        try {
            return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
