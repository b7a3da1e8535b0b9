package us.kbase.caching.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ServiceProcess;

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
                "token:alice",
                "CACHING_METRICS_PORT",
                "off");
        try (ServiceProcess gateway = ServiceProcess.start(folder, environment, "serve");
                JobClient client = new JobClient(gateway.port(), "token")) {
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
            assertAllObjects(gateway.ended().err().lines().toList());
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
        assertTrue(
                lines.stream().anyMatch(text -> !text.contains("\"logger\":\"us.kbase")),
                "libraries' lines are among them");
    }
}
