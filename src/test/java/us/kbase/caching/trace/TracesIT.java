package us.kbase.caching.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.FakeAuth2;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.TraceCollector;

/** A client's trace leads through the gateway to S3 and to the auth server, and a collector sees it as one. */
class TracesIT {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CLIENT = "b7ad6b7169203331";
    private static final Pattern PARENT =
            Pattern.compile("traceparent: 00-(\\w{32})-(\\w{16})-01", Pattern.CASE_INSENSITIVE);
    private static final String PARAMETER = "canary-parameter";
    private static final int LARGE_BYTES = 6 << 20;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> sentToS3 = new CopyOnWriteArrayList<>();
    private final List<String> sentToAuth = new CopyOnWriteArrayList<>();
    private TraceCollector collector;

    @BeforeEach
    void collect() {
        collector = TraceCollector.start(vertx);
    }

    @AfterEach
    void stop() {
        Await.result(vertx.close());
    }

    private GatewayConfig onDisk(Map<String, String> users) throws IOException {
        return Configs.of(2, users, new GatewayConfig.Store.Disk(Files.createTempDirectory(folder, "data"), false));
    }

    /** The bucket behind a port that writes down what the gateway sends. */
    private S3Connection overheard(S3Connection bucket) {
        URI to = bucket.endpoint();
        NetServer tap = vertx.createNetServer().connectHandler(from -> {
            from.pause();
            vertx.createNetClient().connect(to.getPort(), to.getHost()).onSuccess(server -> {
                from.handler(bytes -> {
                    sentToS3.add(bytes.toString(StandardCharsets.ISO_8859_1));
                    server.write(bytes).onFailure(broken -> from.close());
                });
                from.closeHandler(v -> server.close());
                server.pipeTo(from).onFailure(broken -> from.close());
                from.resume();
            });
        });
        int port = Await.result(tap.listen(0, "127.0.0.1")).actualPort();
        return new S3Connection(
                URI.create("http://127.0.0.1:" + port),
                bucket.bucket(),
                bucket.accessKey(),
                bucket.secretKey(),
                bucket.sessionToken(),
                bucket.region(),
                bucket.pathStyle(),
                bucket.caFile(),
                bucket.connections(),
                bucket.waitMax());
    }

    private FakeAuth2 auth() {
        FakeAuth2 auth = FakeAuth2.start(vertx);
        auth.answers(request -> {
            sentToAuth.add("traceparent: " + request.getHeader("traceparent"));
            request.response()
                    .putHeader("Content-Type", "application/json")
                    .end(FakeAuth2.valid(FakeAuth2.USER, System.currentTimeMillis() + 3_600_000, 300_000));
        });
        return auth;
    }

    private static HttpRequest.Builder traced(HttpRequest.Builder request) {
        return request.header("traceparent", "00-" + TRACE + "-" + CLIENT + "-01");
    }

    /** Every kind of call once, all in the client's trace. */
    private static void work(JobClient client) {
        JsonObject params = new JsonObject().put("job", PARAMETER + UUID.randomUUID());
        String id = client.send(traced(client.request("/cache_id"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(params.encode())))
                .json()
                .getString("cache_id");
        HttpRequest.Builder lease = traced(client.request("/cache/" + id + "/lease"));
        JobClient.Reply leased = client.send(lease.POST(BodyPublishers.ofString("{\"wait_seconds\":0}")));
        String held = leased.json().getString("lease");
        assertEquals(
                200,
                client.send(traced(client.request("/cache/" + id))
                                .header("Cache-Lease", held)
                                .PUT(BodyPublishers.ofString("small")))
                        .status());
        assertEquals(
                200,
                client.send(traced(client.request("/cache/" + id))
                                .PUT(BodyPublishers.ofByteArray(new byte[LARGE_BYTES])))
                        .status());
        assertEquals(
                LARGE_BYTES,
                client.send(traced(client.request("/cache/" + id)).GET()).body().length);
        assertEquals(200, client.send(traced(client.request("/cache")).GET()).status());
        assertEquals(
                200,
                client.send(traced(client.request("/cache/" + id)).DELETE()).status());
        assertEquals(
                404, client.send(traced(client.request("/cache/" + id)).GET()).status());
    }

    private static Set<String> spanIds(List<String> sent) {
        Set<String> ids = new HashSet<>();
        for (String text : sent) {
            Matcher found = PARENT.matcher(text);
            while (found.find()) {
                assertEquals(TRACE, found.group(1));
                ids.add(found.group(2));
            }
        }
        return ids;
    }

    @Test
    void aTraceOfAClientIsOneAtTheCollectorAndGoesOnToS3AndAuth() {
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        GatewayConfig config =
                Configs.of(2, Map.of(), Configs.store(overheard(server.get().bucket())));
        try (FakeAuth2 auth = auth()) {
            Gateway gateway = Await.result(
                    Gateway.start(Configs.traced(collector.settings(), Configs.asking(auth.url(), config))));
            try (JobClient client = new JobClient(gateway.port(), FakeAuth2.GOOD)) {
                work(client);
            } finally {
                Await.result(gateway.close()); // sends what waits
            }
        }
        List<TraceCollector.Seen> spans = collector.spans();
        assertEquals(Set.of(TRACE), of(spans, TraceCollector.Seen::trace));
        List<TraceCollector.Seen> served = spans.stream()
                .filter(span -> span.kind() == Span.SpanKind.SPAN_KIND_SERVER)
                .toList();
        List<TraceCollector.Seen> calls = spans.stream()
                .filter(span -> span.kind() == Span.SpanKind.SPAN_KIND_CLIENT)
                .toList();
        assertEquals(Set.of(CLIENT), of(served, TraceCollector.Seen::parent));
        Set<String> servedIds = of(served, TraceCollector.Seen::id);
        assertTrue(servedIds.containsAll(of(calls, TraceCollector.Seen::parent)), calls.toString());
        assertEquals(
                Set.of(
                        "POST /v1/cache_id",
                        "POST /v1/cache/{cache_id}/lease",
                        "PUT /v1/cache/{cache_id}",
                        "GET /v1/cache/{cache_id}",
                        "GET /v1/cache",
                        "DELETE /v1/cache/{cache_id}"),
                of(served, TraceCollector.Seen::name));
        assertTrue(
                of(calls, TraceCollector.Seen::name)
                        .containsAll(Set.of(
                                "auth token",
                                "S3 HeadObject",
                                "S3 PutObject",
                                "S3 CreateMultipartUpload",
                                "S3 UploadPart",
                                "S3 CompleteMultipartUpload",
                                "S3 GetObject",
                                "S3 ListObjectsV2",
                                "S3 DeleteObject")),
                () -> of(calls, TraceCollector.Seen::name).toString());
        Set<String> callIds = of(calls, TraceCollector.Seen::id);
        Set<String> askedOfS3 = spanIds(sentToS3);
        assertTrue(askedOfS3.size() > 8 && callIds.containsAll(askedOfS3), "S3 was told of spans that nobody saw");
        Set<String> askedOfAuth = spanIds(sentToAuth);
        assertTrue(askedOfAuth.size() == 1 && callIds.containsAll(askedOfAuth), sentToAuth.toString());
        assertNothingSecret(server.get().bucket());
    }

    private void assertNothingSecret(S3Connection bucket) {
        for (String secret : List.of(
                FakeAuth2.GOOD,
                PARAMETER,
                "X-Amz",
                "Signature",
                "Authorization",
                bucket.accessKey(),
                bucket.secretKey().reveal())) {
            assertTrue(collector.bodies().stream().noneMatch(body -> body.contains(secret)), secret);
        }
        Set<String> attributes = collector.spans().stream()
                .flatMap(span -> span.is().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        attributes.removeAll(Set.of(
                "error.type", "http.request.method", "http.response.status_code", "http.route", "server.address"));
        assertEquals(Set.of(), attributes);
    }

    private static <T> Set<T> of(
            List<TraceCollector.Seen> spans, java.util.function.Function<TraceCollector.Seen, T> part) {
        return spans.stream().map(part).collect(Collectors.toSet());
    }

    @Test
    void aClientThatSaysNothingOfATraceBeginsOne() throws IOException {
        Gateway gateway = Await.result(
                Gateway.start(Configs.traced(collector.settings(), onDisk(Map.of(JobClient.TOKEN, "alice")))));
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            assertEquals(404, client.download("no-such-id").status());
        } finally {
            Await.result(gateway.close());
        }
        TraceCollector.Seen only = collector.spans().getFirst();
        assertEquals(1, collector.spans().size());
        assertEquals("", only.parent());
        assertEquals("404", only.is().get("http.response.status_code"));
    }

    @Test
    void ofNoRequestIsAnySpanSentWhereNonePercentAreTracedUnlessItsClientWantsIt() throws IOException {
        Traces.Settings none =
                new Traces.Settings(collector.url(), 0, Optional.of(new Secret("a-token-of-the-collector")));
        Gateway gateway = Await.result(Gateway.start(Configs.traced(none, onDisk(Map.of(JobClient.TOKEN, "alice")))));
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            assertEquals(404, client.download("no-such-id").status());
            assertEquals(
                    404,
                    client.send(traced(client.request("/cache/another")).GET()).status());
        } finally {
            Await.result(gateway.close());
        }
        assertEquals(Set.of(TRACE), of(collector.spans(), TraceCollector.Seen::trace));
        assertEquals(List.of("Bearer a-token-of-the-collector"), collector.tokens());
    }

    @Test
    void aCollectorThatIsDeadOrSilentHarmsNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            for (int port : List.of(silent.getLocalPort(), S3Servers.freePort())) {
                Traces.Settings nowhere = new Traces.Settings(
                        URI.create("http://127.0.0.1:" + port + "/v1/traces"), 100, Optional.empty());
                Gateway gateway =
                        Await.result(Gateway.start(Configs.traced(nowhere, onDisk(Map.of(JobClient.TOKEN, "alice")))));
                try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
                    for (int i = 0; i < Traces.QUEUE_SPANS + 500; i++) {
                        assertEquals(404, client.download("no-such-id").status());
                    }
                } finally {
                    long began = System.nanoTime();
                    Await.result(gateway.close());
                    assertTrue(System.nanoTime() - began < 6_000_000_000L, "it waited for the collector");
                }
            }
        }
    }

    @Test
    void whereNoCollectorIsNamedNothingOfTracesIsLoaded() throws IOException {
        Path loaded = folder.resolve("loaded.txt");
        Map<String, String> environment = Map.of(
                "CACHING_AUTH_TOKENS", JobClient.TOKEN + ":alice",
                "CACHING_METRICS_PORT", "0",
                "JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
        try (ServiceProcess gateway = ServiceProcess.start(folder, environment, "serve");
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            assertEquals(404, client.download("no-such-id").status());
            gateway.signal("TERM");
            assertEquals(0, gateway.ended().code());
        }
        String classes = Files.readString(loaded);
        assertTrue(classes.contains("us.kbase.caching.trace.CurrentRequest"), "the log is not of this program");
        assertFalse(classes.contains("io.opentelemetry"), "classes of traces were loaded");
    }
}
