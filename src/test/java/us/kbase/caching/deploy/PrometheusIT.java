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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;

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
        Map<String, String> users = Map.of("token", "alice");
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

    private JsonObject asked(String path) {
        try {
            return new JsonObject(http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body());
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
            try (JobClient client = new JobClient(gateway.port(), "token")) {
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

    /** What promtool finds in names of libraries' metrics is theirs. */
    @Test
    void promtoolFindsNothingWrongInOurMetrics() throws IOException, InterruptedException {
        work(0);
        for (Gateway gateway : gateways) {
            Process check = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectErrorStream(true)
                    .redirectInput(scraped(gateway).toFile())
                    .start();
            String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(List.of(0, 3).contains(check.waitFor()), said); // 3: it read all, and has remarks
            Stream<String> ours = said.lines().filter(line -> line.startsWith("caching_"));
            assertEquals(List.of(), ours.toList());
        }
    }

    private Path scraped(Gateway gateway) throws IOException, InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + gateway.metricsPort().orElseThrow() + "/metrics");
        Path file = folder.resolve("scraped-" + gateway.port());
        Files.writeString(
                file,
                http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                        .body());
        return file;
    }
}
