package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;

/** What a running gateway shows of itself, and where. */
class MetricsOfAGatewayTest {

    private static final int METHODS = 700;
    private static final int LARGE_BYTES = 32 << 20;

    @TempDir
    static Path folder;

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Await.result(Gateway.start(
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(folder, false))));
    }

    @AfterAll
    static void stop() {
        Await.result(gateway.close());
    }

    private static String scrape() {
        URI metrics = URI.create("http://127.0.0.1:" + gateway.metricsPort().orElseThrow() + "/metrics");
        try (var in = metrics.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    /** It ended the process: each method was a label, kept for ever, and a scrape held all of them several times. */
    @Test
    void doesNotGrowWithMethodsThatStrangersInvent() {
        String method = "M".repeat(3_895);
        for (int i = 0; i < METHODS; i++) {
            try (RawConnection connection = new RawConnection(gateway.port())) {
                assertTrue(connection.send(request(method + i, "/")).head().startsWith("HTTP/1.1 "));
            }
        }
        String shown = scrape();
        assertTrue(shown.length() < 64 * 1024, shown.length() + " characters");
        assertFalse(shown.contains("MMMM"));
    }

    @Test
    void countsMethodsThatAreKnownByTheirName() {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(request("GET", "/healthz")).head();
        }
        String shown = scrape();
        assertTrue(
                shown.lines()
                        .anyMatch(line -> line.startsWith("vertx_http_server_requests_total")
                                && line.contains("method=\"GET\"")
                                && line.contains("code=\"200\"")),
                shown);
    }

    /** It counted as a 200: the download's own handlers took the place of those that tell. */
    @ParameterizedTest
    @CsvSource({"closes, reads", "resets, reads", "closes, stands still", "resets, stands still"})
    void countsADownloadThatItsClientLeavesAsCut(String leaving, String before) {
        try (JobClient alice = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = alice.cacheId(new JsonObject().put("large", 1));
            assertEquals(200, alice.upload(id, "x".repeat(LARGE_BYTES)).status());
            long cutBefore = downloads("cut");
            RawConnection reader = new RawConnection(gateway.port(), 16 << 10);
            reader.send(
                    "GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n\r\n");
            assertTrue(reader.head().startsWith("HTTP/1.1 200 "));
            reader.read(before.equals("reads") ? LARGE_BYTES / 2 : 1);
            if (leaving.equals("resets")) {
                reader.cut();
            } else {
                reader.close();
            }
            Await.until("the download is counted", () -> downloads("cut") > cutBefore);
        }
    }

    private static long downloads(String outcome) {
        String count =
                "caching_requests_seconds_count{operation=\"GET /v1/cache/{cache_id}\",outcome=\"" + outcome + "\"} ";
        return scrape().lines()
                .filter(line -> line.startsWith(count))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(count.length())))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/metrics/", "//metrics", "/%6detrics", "/cache/metrics"})
    void isNotOnTheClientsPort(String path) {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String head = connection.send(request("GET", path)).head();
            assertTrue(head.startsWith("HTTP/1.1 404 "), head);
        }
    }

    @Test
    void showsEachBudgetOfTheHeap() {
        String shown = scrape();
        for (Budget budget : MemoryPlan.ofThisProcess().kinds()) {
            String kind = "{kind=\"" + budget.kind() + "\"} ";
            assertTrue(shown.contains("caching_memory_used_bytes" + kind), kind + shown);
            assertTrue(shown.contains("caching_memory_limit_bytes" + kind), kind);
            assertTrue(shown.contains("caching_memory_waiting" + kind), kind);
            assertTrue(shown.contains("caching_memory_refused_total" + kind), kind);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jvm_memory_used_bytes{area=\"heap\"",
                "caching_loop_lag_seconds{kind=\"0\"}",
                "process_resident_memory_bytes ",
                "jvm_gc_memory_allocated_bytes_total"
            })
    void showsTheProcess(String line) {
        String shown = scrape();
        assertTrue(shown.contains("\n" + line), shown);
    }

    @Test
    void twoGatewaysOfOneMachineBothStartWithoutConfiguration(@TempDir Path otherFolder) {
        GatewayConfig usual =
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(otherFolder, false));
        int taken = gateway.metricsPort().orElseThrow();
        GatewayConfig same = Configs.withMetrics(new GatewayConfig.Metrics.Port.Usual(taken), usual);
        Gateway second = Await.result(Gateway.start(same));
        assertTrue(second.metricsPort().isPresent());
        assertFalse(second.metricsPort().getAsInt() == taken);
        stopWhenReady(second);
    }

    /** A gateway that stops while it starts leaves files behind for a moment. */
    private static void stopWhenReady(Gateway other) {
        Await.until("ready", () -> {
            try (RawConnection connection = new RawConnection(other.port())) {
                return connection.send(request("GET", "/readyz")).head().startsWith("HTTP/1.1 200 ");
            }
        });
        Await.result(other.close());
    }

    @Test
    void canBeOff(@TempDir Path otherFolder) {
        GatewayConfig usual =
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(otherFolder, false));
        Gateway second = Await.result(Gateway.start(Configs.withoutMetrics(usual)));
        assertEquals(java.util.OptionalInt.empty(), second.metricsPort());
        stopWhenReady(second);
    }
}
