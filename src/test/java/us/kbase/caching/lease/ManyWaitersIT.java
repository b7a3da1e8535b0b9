package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;

/**
 * Everybody waits for one id at one gateway, a process of its own on MinIO with the launcher's heap: what that costs. The long form:
 * {@code mvn verify -Dit.test=ManyWaitersIT -Dwaiters=10000 -Dwaiters.heap=288m}.
 */
class ManyWaitersIT {

    private static final int WAITERS = Integer.getInteger("waiters", 1000);
    private static final int WATCHED_SECONDS = Integer.getInteger("waiters.seconds", 5);
    private static final String HEAP = System.getProperty("waiters.heap", "112m");
    private static final int CONNECTING_AT_ONCE = 200;
    private static final String TOKEN = "token-of-many";

    @TempDir
    private Path folder;

    private Vertx vertx;
    private HttpClient http;
    private Process gateway;
    private JobClient client;
    private int port;
    private int metricsPort;

    @BeforeEach
    void start() throws Exception {
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        port = S3Servers.freePort();
        metricsPort = S3Servers.freePort();
        gateway = gateway(server.get().bucket());
        Await.until("the gateway", () -> ServiceProcess.answers(port, "/readyz"));
        client = new JobClient(port, TOKEN);
        vertx = Vertx.vertx();
        http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(60_000), new PoolOptions().setHttp1MaxSize(WAITERS));
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            gateway.destroyForcibly().waitFor();
            client.close();
            Await.result(vertx.close());
        }
    }

    private Process gateway(S3Connection bucket) throws IOException {
        Path tokens = Files.writeString(folder.resolve("gateway.yaml"), "auth:\n  tokens:\n    " + TOKEN + ": many\n");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dlogback.configurationFile=conf/logback.xml",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "us.kbase.caching.cli.Main",
                        "serve",
                        "-c",
                        tokens.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target/many-waiters.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "CACHING_HTTP_PORT",
                        Integer.toString(port),
                        "CACHING_METRICS_PORT",
                        Integer.toString(metricsPort),
                        "CACHING_STORE_TYPE",
                        "s3"));
        builder.environment()
                .putAll(Map.of(
                        "MALLOC_ARENA_MAX", "2",
                        "CACHING_STORE_S3_ENDPOINT", bucket.endpoint().toString(),
                        "CACHING_STORE_S3_BUCKET", bucket.bucket(),
                        "CACHING_STORE_S3_ACCESS_KEY", bucket.accessKey(),
                        "CACHING_STORE_S3_SECRET_KEY", bucket.secretKey().reveal()));
        return builder.start();
    }

    /** Requests to S3 so far, as the gateway's own metrics count them. */
    private double s3Calls() throws IOException {
        try (var in = URI.create("http://127.0.0.1:" + metricsPort + "/metrics")
                .toURL()
                .openStream()) {
            return new String(in.readAllBytes())
                    .lines()
                    .filter(line -> line.startsWith("vertx_http_client_requests_total"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    private long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + gateway.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private record Woken(String state, long nanos) {}

    private Future<Woken> waiter(String id) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/cache/" + id + "/lease")
                .addHeader("Authorization", TOKEN);
        Buffer body = new JsonObject().put("wait_seconds", 240).toBuffer();
        return http.request(options)
                .compose(request -> request.send(body).compose(response -> response.body()))
                .map(reply -> new Woken(reply.toJsonObject().getString("state"), System.nanoTime()));
    }

    /** Open ones to the gateway; its files would also count those to S3, which end when they are idle. */
    private long connections() throws IOException {
        String established = String.format(":%04X [0-9A-F]+:[0-9A-F]{4} 01 ", port);
        Pattern toTheGateway = Pattern.compile("^ *\\d+: [0-9A-F]+" + established);
        long count = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (var lines = Files.lines(Path.of(table))) {
                count += lines.filter(toTheGateway.asPredicate()).count();
            }
        }
        return count;
    }

    @Test
    void whoWaitsCostsTheStoreNothingAndWakesSoon() throws Exception {
        String id = client.cacheId(new JsonObject().put("job", "of many"));
        String lease =
                client.ask(id, new JsonObject().put("ttl_seconds", 600)).json().getString("lease");
        long aloneKib = residentKib();
        List<Future<Woken>> waiting = new ArrayList<>();
        while (waiting.size() < WAITERS) {
            for (int i = 0; i < CONNECTING_AT_ONCE && waiting.size() < WAITERS; i++) {
                waiting.add(waiter(id));
            }
            int expected = waiting.size();
            Await.until(waiting.size() + " connections", () -> {
                try {
                    return connections() >= expected;
                } catch (IOException e) {
                    return false;
                }
            });
        }
        double before = s3Calls();
        vertx.timer(WATCHED_SECONDS, TimeUnit.SECONDS)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        double perSecond = (s3Calls() - before) / WATCHED_SECONDS;
        long waitingKib = residentKib();
        long published = System.nanoTime();
        assertEquals(200, client.upload(id, "computed", lease).status());
        long acknowledged = System.nanoTime();
        Await.result(Future.all(waiting));
        List<Long> millis = waiting.stream()
                .map(woken -> Math.max(0, (woken.result().nanos() - acknowledged) / 1_000_000))
                .sorted()
                .toList();
        waiting.forEach(woken -> assertEquals("ready", woken.result().state()));
        System.out.printf(
                "%d waiters for one id: %d KiB resident without, %d KiB with them; %.2f S3 calls a second while waiting; upload"
                        + " answered in %d ms, and woken after that: median %d ms, p99 %d ms, last %d ms%n",
                WAITERS,
                aloneKib,
                waitingKib,
                perSecond,
                (acknowledged - published) / 1_000_000,
                millis.get(WAITERS / 2),
                millis.get(WAITERS * 99 / 100),
                millis.get(WAITERS - 1));
        assertTrue(perSecond < 5, perSecond + " S3 calls a second");
        assertTrue(waitingKib < 400 << 10, waitingKib + " KiB");
    }
}
