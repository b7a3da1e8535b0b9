package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Selectors.Expression;
import us.kbase.caching.Selectors.Matched;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.tally.TimedCall;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.trace.S3Operation;

/**
 * A label that an alert or a panel asks for, and each value of it, is one that a gateway shows: what is misspelled asks for nothing, and
 * no alert of it would ever fire.
 */
class MonitoringLabelsTest {

    private static final Pattern SERIES = Pattern.compile("([a-z][a-z0-9_]*)(?:\\{(.*)})? [^ ]+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    /** Prometheus adds them. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

    /** Which nobody sends here, for want of S3. */
    private static final String UPLOAD_OF_A_PART =
            S3Operation.name(HttpMethod.PUT, "/bucket/key?partNumber=1&uploadId=x");

    /** Of each metric, each label's values. */
    private static final Map<String, Map<String, Set<String>>> SHOWN = new TreeMap<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void scrape() throws IOException {
        URI nobody = URI.create("http://127.0.0.1:1");
        GatewayConfig.Store disk = new GatewayConfig.Store.Disk(folder, false);
        scrape(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), disk));
        scrape(Configs.asking(nobody, Configs.of(1, Map.of(), Configs.store(S3Servers.standIn(nobody.toString())))));
        addOutcomes();
        SHOWN.get("caching_calls_seconds_bucket").get("operation").add(UPLOAD_OF_A_PART);
    }

    private static void scrape(GatewayConfig config) {
        Gateway gateway = Await.result(Gateway.start(config));
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.send(client.request("/cache_id")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"job\": 1}")))
                    .json()
                    .getString("cache_id", "unknown");
            List.of(
                            client.askByParameters(new JsonObject().put("params", new JsonObject().put("job", 1))),
                            client.upload(id, "a result"),
                            client.download(id),
                            client.delete(id))
                    .forEach(reply -> assertTrue(reply.status() > 0));
            URI metrics = URI.create("http://127.0.0.1:" + gateway.metricsPort().orElseThrow() + "/metrics");
            Await.until("the last request and calls of the store", () -> {
                String shown =
                        new String(client.send(HttpRequest.newBuilder(metrics)).body(), StandardCharsets.UTF_8);
                shown.lines().filter(line -> !line.startsWith("#")).forEach(MonitoringLabelsTest::add);
                return shown.contains("operation=\"DELETE ")
                        && (config.store() instanceof GatewayConfig.Store.Disk || shown.contains("operation=\"S3 "));
            });
        } finally {
            Await.result(gateway.close());
        }
    }

    private static void add(String line) {
        var series = SERIES.matcher(line);
        assertTrue(series.matches(), line);
        Map<String, Set<String>> labels = SHOWN.computeIfAbsent(series.group(1), name -> new TreeMap<>());
        if (series.group(2) != null) {
            LABEL.matcher(series.group(2))
                    .results()
                    .forEach(label -> labels.computeIfAbsent(label.group(1), name -> new TreeSet<>())
                            .add(label.group(2)));
        }
    }

    /** The closed sets of outcomes, as calls tell them; those of requests are the same without {@code left}. */
    private static void addOutcomes() {
        Set<String> outcomes = new TreeSet<>();
        IntStream.of(200, 300, 400, 500).forEach(status -> call(outcomes).answered(status));
        call(outcomes).unanswered();
        call(outcomes).left();
        SHOWN.get("caching_calls_seconds_count").get("outcome").addAll(outcomes);
        outcomes.remove("left");
        SHOWN.get("caching_requests_seconds_count").get("outcome").addAll(outcomes);
    }

    private static TimedCall call(Set<String> outcomes) {
        return TimedCall.begin("S3 HeadObject", (operation, outcome, nanos) -> outcomes.add(outcome));
    }

    @AfterAll
    static void forget() {
        SHOWN.clear();
    }

    private static boolean isShown(Matched matched) {
        return SHOWN.getOrDefault(matched.metric(), Map.of()).getOrDefault(matched.label(), Set.of()).stream()
                .anyMatch(value -> value.matches(matched.value()));
    }

    @Test
    void eachValueThatIsAskedForIsOneOfALabel() throws IOException {
        List<Matched> asked = Selectors.all().stream()
                .flatMap(expression -> expression.matched().stream())
                .filter(matched -> !OF_PROMETHEUS.contains(matched.label()))
                .toList();
        assertTrue(asked.size() > 15, asked.toString());
        assertEquals(
                List.of(), asked.stream().filter(matched -> !isShown(matched)).toList());
    }

    @Test
    void eachLabelThatIsNamedIsOneOfTheExpressionsMetrics() throws IOException {
        Set<String> unknown = new TreeSet<>();
        for (Expression expression : Selectors.all()) {
            Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
            expression.metrics().forEach(metric -> {
                assertTrue(SHOWN.containsKey(metric) || isOptional(metric), metric);
                labels.addAll(SHOWN.getOrDefault(metric, Map.of()).keySet());
            });
            expression.namedLabels().stream()
                    .filter(label -> !labels.contains(label))
                    .forEach(label -> unknown.add(label + " of " + expression.promql()));
        }
        assertEquals(Set.of(), unknown);
    }

    /** Shown with TLS only, without a label. */
    private static boolean isOptional(String metric) {
        return metric.equals("caching_tls_certificate_expires_seconds");
    }

    @Test
    void theAlertsJobIsWhatPrometheusCallsIt() throws IOException {
        List<String> jobs = Selectors.all().stream()
                .flatMap(expression -> expression.matched().stream())
                .filter(matched -> matched.label().equals("job"))
                .map(Matched::value)
                .toList();
        assertEquals(List.of(Pattern.quote("caching-service")), jobs);
        assertTrue(Files.readString(Path.of("deploy/monitoring/prometheus.yaml"))
                .contains("- job_name: caching-service\n"));
    }
}
