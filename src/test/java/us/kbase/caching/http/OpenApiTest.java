package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.helpers.NOPLogger;
import org.yaml.snakeyaml.Yaml;
import us.kbase.caching.bundle.HandmadeZip;
import us.kbase.caching.http.about.HealthHandler;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;

/** The API's description names the routes that there are and the answers that they give, no more and no less. */
class OpenApiTest {

    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");

    /** What the transport says, and what a content has anyway. */
    private static final Set<String> OF_EVERY_REPLY = Set.of(
            ":status", "connection", "content-length", "content-type", "date", "transfer-encoding", "x-request-id");

    private static Map<String, Object> document = Map.of();

    @BeforeAll
    static void read() throws IOException {
        document = new Yaml().load(Files.readString(Path.of("docs/openapi.yaml")));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** {@code METHOD /path} to its operation. */
    private static Map<String, Map<String, Object>> described() {
        Map<String, Map<String, Object>> operations = new TreeMap<>();
        map(document.get("paths"))
                .forEach((path, item) -> map(item).forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        operations.put(method.toUpperCase(java.util.Locale.ROOT) + " " + path, map(operation));
                    }
                }));
        return operations;
    }

    /** Handlers of nothing: none of them is called. */
    private static Routes routes() {
        HttpVerticle.Settings settings = new HttpVerticle.Settings(
                "",
                0,
                0,
                ClientTimeouts.USUAL,
                MemoryPlan.ofThisProcess(),
                Set.of(),
                Optional.empty(),
                new UserLimits(UserLimits.Settings.NONE));
        return new Routes(
                new CacheIdHandler(null, null, null),
                new UploadHandler(null, null, null, settings, new OpenUploads()),
                new DownloadHandler(null, null, Duration.ZERO),
                new DeleteHandler(null, null),
                new LeaseHandler(null, null, null, null),
                new EntryRoutes(
                        new ListHandler(null, null, Budget.of("replies", 1 << 20), Duration.ZERO),
                        new MetadataHandler(null, null),
                        new BundleHandler(null, null, null, null),
                        new ExpireHandler(null, null),
                        new VerifyHandler(null, null)),
                new HealthHandler(null),
                new AccessLog(NOPLogger.NOP_LOGGER),
                new Cors(Set.of()),
                (operation, outcome, nanos) -> {});
    }

    /** Where there is {@code GET} there is {@code HEAD}, and {@code OPTIONS} everywhere; the description says so once. */
    @Test
    void namesExactlyTheRoutesThatThereAre() {
        Set<String> routed = routes().table().names().stream()
                .map(OpenApiTest::rooted)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(described().keySet(), routed);
    }

    private static String rooted(String name) {
        return name.endsWith(" ") ? name + "/" : name;
    }

    @Test
    void namesEveryStatusOfAFailureAndNoOther() {
        Set<String> failures = RepliesTest.failures()
                .map(row -> String.valueOf(row.get()[0]))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = described().values().stream()
                .flatMap(operation -> map(operation.get("responses")).keySet().stream())
                .filter(status -> Integer.parseInt(status) >= 400)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(failures, described);
    }

    /** Who sends a token may be refused, and whatever asks a store may find it down. */
    @Test
    void namesWhatEveryRouteWithATokenAnswers() {
        described().forEach((name, operation) -> {
            if (operation.get("security") == null) {
                Set<String> statuses = map(operation.get("responses")).keySet();
                assertTrue(statuses.containsAll(Set.of("400", "403", "429", "500", "503")), name + " " + statuses);
            }
        });
    }

    /** To make it anew: {@code -Dapi.page=write}. */
    @Test
    void thePageForReadersIsMadeOfTheDescription() throws IOException {
        Path page = Path.of("docs/api.html");
        if ("write".equals(System.getProperty("api.page"))) {
            Files.writeString(page, ApiPage.of(document));
        }
        assertEquals(ApiPage.of(document), Files.readString(page));
    }

    /** A proxy may put the gateway below any path. */
    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/cache/docs", "/docs/", "/cache/docs/"})
    void thePageLinksToTheDescriptionWhereverItLies(String path, @TempDir Path folder) throws IOException {
        try (LoopGateway gateway = LoopGateway.on(folder, LoopGateway.Setup.usual());
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            URI page = URI.create("http://127.0.0.1:" + gateway.port() + path);
            String text = new String(client.send(HttpRequest.newBuilder(page)).body(), StandardCharsets.UTF_8);
            String link = text.substring(text.indexOf("<a href=\"") + 9, text.indexOf("\">openapi.yaml</a>"));
            JobClient.Reply linked = client.send(HttpRequest.newBuilder(page.resolve(link)));
            assertEquals(
                    Files.readString(Path.of("docs/openapi.yaml")), new String(linked.body(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theDescriptionIsServed(@TempDir Path folder) throws IOException {
        try (LoopGateway gateway = LoopGateway.on(folder, LoopGateway.Setup.usual());
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            JobClient.Reply yaml = client.send(client.request("/openapi.yaml").GET());
            assertEquals(
                    Files.readString(Path.of("docs/openapi.yaml")), new String(yaml.body(), StandardCharsets.UTF_8));
            JobClient.Reply page =
                    client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/docs")));
            assertEquals(Files.readString(Path.of("docs/api.html")), new String(page.body(), StandardCharsets.UTF_8));
            assertEquals(
                    "text/html; charset=utf-8",
                    page.headers().firstValue("Content-Type").orElse(""));
        }
    }

    /** A request, and which operation it calls. */
    private record Driven(int status, String operation, String path, String content, List<String> headers) {}

    private static List<Driven> driven(String etag) {
        String entry = "/v1/cache/{cache_id}";
        String file = entry + "/file";
        String files = entry + "/files";
        String member = entry + "/files/{path}";
        List<String> other = List.of("If-Match", "\"x\"");
        List<String> same = List.of("If-None-Match", etag);
        return List.of(
                new Driven(200, "GET " + entry, "", "", List.of()),
                new Driven(206, "GET " + entry, "", "", List.of("Range", "bytes=2-5")),
                new Driven(206, "GET " + entry, "", "", List.of("Range", "bytes=2-5", "If-Range", etag)),
                new Driven(304, "GET " + entry, "", "", same),
                new Driven(412, "GET " + entry, "", "", other),
                new Driven(416, "GET " + entry, "", "", List.of("Range", "bytes=999-")),
                new Driven(200, "HEAD " + entry, "", "", List.of()),
                new Driven(304, "HEAD " + entry, "", "", same),
                new Driven(412, "HEAD " + entry, "", "", other),
                new Driven(200, "GET " + file, "/file", "", List.of()),
                new Driven(206, "GET " + file, "/file", "", List.of("Range", "bytes=2-5")),
                new Driven(304, "GET " + file, "/file", "", same),
                new Driven(412, "GET " + file, "/file", "", other),
                new Driven(416, "GET " + file, "/file", "", List.of("Range", "bytes=999-")),
                new Driven(400, "GET " + file, "/file?x=1", "", List.of()),
                new Driven(200, "GET " + files, "/files", "", List.of()),
                new Driven(304, "GET " + files, "/files", "", same),
                new Driven(412, "GET " + files, "/files", "", other),
                new Driven(400, "GET " + files, "/files?x=1", "", List.of()),
                new Driven(200, "GET " + member, "/files/a.txt", "", List.of()),
                new Driven(206, "GET " + member, "/files/a.txt", "", List.of("Range", "bytes=2-5")),
                new Driven(304, "GET " + member, "/files/a.txt", "", List.of("If-None-Match", "*")),
                new Driven(412, "GET " + member, "/files/a.txt", "", other),
                new Driven(416, "GET " + member, "/files/a.txt", "", List.of("Range", "bytes=99-")),
                new Driven(404, "GET " + member, "/files/b.txt", "", List.of()),
                new Driven(400, "GET " + member, "/files/%FF", "", List.of()),
                new Driven(
                        412,
                        "POST " + entry,
                        "",
                        "x",
                        List.of("Content-Type", "multipart/form-data; boundary=b", "If-Match", "\"x\"")),
                new Driven(412, "PUT " + entry, "", "x", other),
                new Driven(412, "PUT " + entry, "", "x", List.of("If-None-Match", "*")),
                new Driven(409, "PUT " + entry, "", "x", List.of("Cache-Lease", "none")),
                new Driven(400, "PUT " + entry, "?name=x", "x", List.of()),
                new Driven(413, "PUT " + entry, "", "x".repeat(301), List.of()),
                new Driven(200, "PUT " + entry, "?filename=x.txt", "x", List.of("If-Match", etag)),
                new Driven(409, "GET " + files, "/files", "", List.of()),
                new Driven(409, "GET " + member, "/files/a.txt", "", List.of()),
                new Driven(412, "DELETE " + entry, "", "", other),
                new Driven(200, "DELETE " + entry, "", "", List.of("If-Match", "*")),
                new Driven(404, "DELETE " + entry, "", "", List.of("If-Match", "*")));
    }

    /** Of the routes that are newer than the contract, or take what it does not know. */
    @Test
    void whatTheRoutesAnswerIsDescribed(@TempDir Path folder) {
        try (LoopGateway gateway =
                        LoopGateway.on(folder, LoopGateway.Setup.usual().uploadBytesMax(300));
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            byte[] archive = HandmadeZip.of("a.txt", "0123456789").bytes();
            String id = client.cacheId(new JsonObject().put("job", "described"));
            assertEquals(
                    200,
                    client.send(client.request("/cache/" + id)
                                    .header("Content-Digest", "sha-256=:" + sha256(archive) + ":")
                                    .header("Cache-Compute-Seconds", "60")
                                    .PUT(BodyPublishers.ofByteArray(archive)))
                            .status());
            String etag = client.download(id).headers().firstValue("ETag").orElseThrow();
            for (Driven call : driven(etag)) {
                HttpRequest.Builder request = client.request("/cache/" + id + call.path());
                request.headers(
                        call.headers().isEmpty()
                                ? new String[] {"X", "x"}
                                : call.headers().toArray(String[]::new));
                request.method(
                        call.operation().substring(0, call.operation().indexOf(' ')),
                        BodyPublishers.ofString(call.content()));
                isDescribed(call, client.send(request));
            }
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void isDescribed(Driven call, JobClient.Reply reply) {
        assertEquals(call.status(), reply.status(), call.toString());
        Map<String, Object> described =
                resolved(map(described().get(call.operation()).get("responses")).get(Integer.toString(reply.status())));
        Set<String> sent = new TreeSet<>(reply.headers().map().keySet());
        sent.removeAll(OF_EVERY_REPLY);
        Set<String> headers = described.get("headers") == null
                ? Set.of()
                : map(described.get("headers")).keySet().stream()
                        .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(headers, sent, call.toString());
        assertTrue(described.get("content") != null || reply.body().length == 0, call.toString());
    }

    private static Map<String, Object> resolved(Object response) {
        Map<String, Object> found = map(response);
        if (found.get("$ref") instanceof String reference) {
            Object at = document;
            for (String step : reference.substring(2).split("/")) {
                at = map(at).get(step);
            }
            return map(at);
        }
        return found;
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collect(document, references);
        assertFalse(references.isEmpty());
        for (String reference : references) {
            Object found = document;
            for (String step : reference.substring(2).split("/")) {
                found = map(found).get(step);
                assertTrue(found != null, reference + " leads nowhere");
            }
        }
    }

    private static void collect(Object node, List<String> references) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("$ref") instanceof String reference) {
                references.add(reference);
            }
            map.values().forEach(value -> collect(value, references));
        } else if (node instanceof List<?> list) {
            list.forEach(item -> collect(item, references));
        }
    }
}
