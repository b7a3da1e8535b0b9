package us.kbase.caching.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;
import us.kbase.caching.testing.TraceCollector;

/** The log as {@code CACHING_LOG=json} writes it. */
class LogIT {

    @TempDir
    private Path folder;

    @Test
    void eachLineIsAnObjectAndARequestsFieldsHaveNames() {
        Map<String, String> environment = Map.of(
                "CACHING_LOG",
                "json",
                "CACHING_LOG_LEVEL",
                "DEBUG", // so that libraries speak too
                "CACHING_AUTH_TOKENS",
                JobClient.TOKEN + ":alice",
                "CACHING_METRICS_PORT",
                "off");
        try (ServiceProcess gateway = ServiceProcess.start(folder, environment, "serve");
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            assertEquals(
                    400,
                    client.send(client.request("/cache_id?query=secret")
                                    .header("X-Request-Id", "request-4711")
                                    .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                                    .POST(BodyPublishers.ofString("{}")))
                            .status());
            String found = gateway.said(Pattern.compile("\\{[^\n]*request-4711[^\n]*\\}"))
                    .group();
            assertRequest(new JsonObject(found));
            gateway.signal("TERM");
            Ended ended = gateway.ended();
            assertEquals("", ended.out(), "what is printed is logged");
            assertAllObjects(ended.err().lines().toList());
            assertTrue(
                    ended.err().lines().anyMatch(text -> text.contains("\"logger\":\"io.")),
                    "libraries' lines are among them");
        }
    }

    /** A message for the operator is a line of the log too, with the level of an error. */
    @Test
    void aStartThatFailsSaysSoInALineOfTheLog() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertEquals(
                    List.of("caching-service cannot start: port " + port),
                    errors(Map.of("CACHING_HTTP_PORT", port)).stream()
                            .map(message -> message.replaceFirst(" on 127.*", ""))
                            .toList());
        }
        assertEquals(
                2,
                errors(Map.of("CACHING_HTTP_PORT", "many", "CACHING_HTTP_LOOPS", "x"))
                        .size());
        assertEquals(
                List.of("CACHING_HEAP is a whole number with k, m or g behind it, such as 96m, and not \"a\\b\"."),
                errors(Map.of("CACHING_HEAP", "a\\b")));
        assertEquals(
                List.of("CACHING_HEAP is a whole number with k, m or g behind it, such as 96m, and not \"96m \"."),
                errors(Map.of("CACHING_HEAP", "96m\r")),
                "what a file with the line ends of Windows gives");
    }

    @Test
    void aStartThatIsAskedForWronglySaysSoInLinesOfTheLog() {
        Ended ended = ServiceProcess.run(folder, Map.of("CACHING_LOG", "json"), "serve", "--confg", "x");
        assertEquals(2, ended.code());
        assertEquals("", ended.out());
        List<JsonObject> lines = ended.err().lines().map(JsonObject::new).toList();
        assertTrue(lines.getFirst().getString("message").contains("--confg"), lines::toString);
    }

    private List<String> errors(Map<String, String> environment) {
        Map<String, String> json = new HashMap<>(environment);
        json.put("CACHING_LOG", "json");
        Ended ended = ServiceProcess.run(folder, json, "serve");
        assertEquals(1, ended.code());
        assertEquals("", ended.out());
        return ended.err()
                .lines()
                .map(JsonObject::new)
                .filter(line -> line.getString("level").equals("ERROR"))
                .map(line -> line.getString("message"))
                .toList();
    }

    /** What a library, here the one that writes the log, says of itself on standard error. */
    @Test
    void whatLibrariesPrintIsALineOfTheLog() {
        Map<String, String> environment =
                Map.of("CACHING_LOG", "json", "JAVA_OPTS", "-Dlogback.statusListenerClass=SYSERR");
        List<String> lines = linesOfAStart(environment);
        assertAllObjects(lines);
        assertTrue(lines.stream().anyMatch(text -> text.contains("\"logger\":\"stderr\"")), lines::toString);
    }

    /** The one kind of line that stays text. */
    @Test
    void theJvmsOwnWordsStayText() {
        List<String> lines =
                linesOfAStart(Map.of("CACHING_LOG", "json", "JAVA_TOOL_OPTIONS", "-Dnothing=in-particular"));
        assertEquals("Picked up JAVA_TOOL_OPTIONS: -Dnothing=in-particular", lines.get(0));
        assertAllObjects(lines.subList(1, lines.size()));
    }

    private List<String> linesOfAStart(Map<String, String> environment) {
        try (ServiceProcess gateway = ServiceProcess.start(folder, environment, "serve")) {
            gateway.port();
            gateway.signal("TERM");
            Ended ended = gateway.ended();
            assertEquals("", ended.out());
            return ended.err().lines().toList();
        }
    }

    /** Its store does not listen, so that there is something to warn of. */
    private static Map<String, String> tracedWithoutAStore(TraceCollector collector) throws IOException {
        return new HashMap<>(Map.of(
                "CACHING_AUTH_TOKENS",
                JobClient.TOKEN + ":alice",
                "CACHING_METRICS_PORT",
                "off",
                "CACHING_TRACING_OTLP",
                collector.url().toString(),
                "MINIO_HOST",
                "127.0.0.1:" + S3Servers.freePort(),
                "MINIO_SECRET_KEY",
                "secret"));
    }

    private static void askInVain(JobClient client, String request) {
        HttpRequest.Builder download = client.request("/cache/an-id").header("X-Request-Id", request);
        assertEquals(503, client.send(download.GET()).status());
    }

    private static void awaitAt(TraceCollector collector, String trace) {
        Await.until(
                "the trace at the collector",
                () -> collector.spans().stream().anyMatch(span -> span.trace().equals(trace)));
    }

    /** What is said while a request is served is found by its id, and by the trace that a collector has. */
    @Test
    void aWarningNamesTheRequestAndTheTraceThatItBelongsTo() throws IOException {
        Vertx vertx = Vertx.vertx();
        TraceCollector collector = TraceCollector.start(vertx);
        Map<String, String> environment = tracedWithoutAStore(collector);
        environment.put("CACHING_LOG", "json");
        try (ServiceProcess gateway = ServiceProcess.start(folder, environment, "serve");
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            askInVain(client, "request-4712");
            JsonObject warning =
                    new JsonObject(gateway.said(Pattern.compile("\\{[^\n]*\"WARN\"[^\n]*request-4712[^\n]*\\}"))
                            .group());
            JsonObject access =
                    new JsonObject(gateway.said(Pattern.compile("\\{[^\n]*caching.access[^\n]*request-4712[^\n]*\\}"))
                            .group());
            String trace = warning.getString("trace");
            assertEquals(trace, access.getString("trace"));
            awaitAt(collector, trace);
        } finally {
            Await.result(vertx.close());
        }
    }

    /** The same in lines for people: of what is said meanwhile, and of the line about the request, which begins with its id. */
    @Test
    void linesOfTextEndWithTheRequestAndTheTraceThatTheyBelongTo() throws IOException {
        Vertx vertx = Vertx.vertx();
        TraceCollector collector = TraceCollector.start(vertx);
        try (ServiceProcess gateway = ServiceProcess.start(folder, tracedWithoutAStore(collector), "serve");
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            askInVain(client, "request-4713");
            String trace = gateway.said(Pattern.compile("(?m)^\\S+ WARN .* request=request-4713 trace=([0-9a-f]{32})$"))
                    .group(1);
            assertTrue(gateway.said(Pattern.compile(
                            "(?m)^\\S+ INFO +\\S*access request-4713 GET /v1/cache/an-id 503 .* trace=" + trace + "$"))
                    .hasMatch());
            awaitAt(collector, trace);
        } finally {
            Await.result(vertx.close());
        }
    }

    /** Its line said 200. */
    @Test
    void aDownloadThatItsClientLeavesIsCut() {
        Map<String, String> environment =
                Map.of("CACHING_AUTH_TOKENS", JobClient.TOKEN + ":alice", "CACHING_METRICS_PORT", "off");
        try (ServiceProcess gateway = ServiceProcess.start(folder, environment, "serve");
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("large", 1));
            assertEquals(200, client.upload(id, "x".repeat(32 << 20)).status());
            RawConnection reader = new RawConnection(gateway.port(), 16 << 10);
            reader.send("GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: leaves\r\nAuthorization: "
                    + JobClient.TOKEN + "\r\n\r\n");
            assertTrue(reader.head().startsWith("HTTP/1.1 200 "));
            reader.cut();
            assertEquals(
                    "cut",
                    gateway.said(Pattern.compile(" leaves GET /v1/cache/\\S+ (\\S+) "))
                            .group(1));
        }
    }

    private static void assertRequest(JsonObject line) {
        assertEquals("us.kbase.caching.access", line.getString("logger"));
        assertEquals("POST", line.getString("method"));
        assertEquals("/v1/cache_id", line.getString("path"));
        assertEquals("/v1/cache_id", line.getString("route"));
        assertEquals(400, line.getInteger("status"));
        assertEquals(false, line.getBoolean("cut"));
        assertEquals("request-4711", line.getString("request"));
        assertEquals("0af7651916cd43dd8448eb211c80319c", line.getString("trace"));
        assertEquals("127.0.0.1", line.getString("peer"));
        assertEquals("alice", line.getString("user"));
        assertTrue(line.getLong("bytes_read") >= 0 && line.getLong("bytes_written") > 0, line.encode());
        assertTrue(line.getLong("ms") >= 0, line.encode());
    }

    private static void assertAllObjects(List<String> lines) {
        assertTrue(lines.size() > 2, lines.toString());
        for (String text : lines) {
            assertTrue(text.startsWith("{"), () -> "no object: " + text);
            JsonObject line = new JsonObject(text);
            assertTrue(line.fieldNames().containsAll(Set.of("time", "level", "logger", "thread", "message")), text);
            assertTrue(Instant.parse(line.getString("time")).isAfter(Instant.EPOCH));
        }
    }
}
