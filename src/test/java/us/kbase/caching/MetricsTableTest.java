package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.TestCertificates;
import us.kbase.caching.trace.Traces;

/** The table of metrics in docs/operation.md is what gateways show; alerts and dashboard ask for nothing else. */
class MetricsTableTest {

    private static final Pattern OWN = Pattern.compile("\\bcaching_[a-z0-9_]+");
    private static final Pattern TYPE = Pattern.compile("# TYPE (caching_[a-z0-9_]+)");

    @TempDir
    static Path folder;

    private static String shown = "";

    @BeforeAll
    static void scrape() throws IOException, InterruptedException {
        TestCertificates ca = new TestCertificates(folder, "ca");
        Map<String, String> users = Map.of(JobClient.TOKEN, "alice");
        GatewayConfig.Store disk = new GatewayConfig.Store.Disk(folder.resolve("data"), false);
        Gateway onDisk = Await.result(Gateway.start(Configs.withTls(ca.signed("server"), Configs.of(1, users, disk))));
        try (JobClient client = new JobClient(onDisk.port(), JobClient.TOKEN, ca.client())) {
            assertEquals(128, client.cacheId(new JsonObject().put("job", 1)).length());
            shown += metrics(onDisk);
        } finally {
            Await.result(onDisk.close());
        }
        Traces.Settings collector =
                new Traces.Settings(URI.create("http://127.0.0.1:1/v1/traces"), 100, Optional.empty());
        Gateway onS3 = Await.result(Gateway.start(Configs.traced(
                collector,
                Configs.asking(URI.create("http://127.0.0.1:1"), Configs.of(1, users, Configs.store(unreachable()))))));
        shown += metrics(onS3);
        Await.result(onS3.close());
    }

    private static S3Connection unreachable() {
        return new S3Connection(
                URI.create("http://127.0.0.1:1"),
                "bucket",
                "key",
                new Secret("secret"),
                Optional.empty(),
                "us-east-1",
                true,
                Optional.empty(),
                4,
                Duration.ofSeconds(1));
    }

    private static String metrics(Gateway gateway) throws IOException, InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + gateway.metricsPort().orElseThrow() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group().replace("# TYPE ", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> table() throws IOException {
        return Files.readAllLines(Path.of("docs/operation.md")).stream()
                .filter(line -> line.startsWith("| `caching_"))
                .flatMap(line -> names(OWN, line.split("\\|")[1]).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricOfOursIsInTheTableAndNoOther() throws IOException {
        Set<String> families = names(TYPE, shown);
        families.removeAll(
                Set.of("caching_requests_seconds_max", "caching_calls_seconds_max")); // beside the histograms
        assertEquals(table(), families);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yaml", "alerts.test.yaml", "dashboard.json"})
    void whatMonitoringAsksForIsInTheTable(String file) throws IOException {
        Set<String> asked = names(OWN, Files.readString(Path.of("deploy/monitoring", file))).stream()
                .map(name -> name.replaceFirst("(caching_(requests|calls)_seconds)_.*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        asked.removeAll(table());
        assertEquals(Set.of(), asked);
    }

    @AfterAll
    static void forget() {
        shown = "";
    }
}
