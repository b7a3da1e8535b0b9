package us.kbase.caching.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {

    private final Logger logger = context().getLogger("a.b.Logger");

    private static LoggerContext context() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        return context;
    }

    private LoggingEvent event(String message, Throwable error, Object... arguments) {
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, error, arguments);
        event.setInstant(Instant.parse("2026-11-29T10:11:12.345678Z"));
        event.setThreadName("main");
        return event;
    }

    private static String encoded(LoggingEvent event) {
        return new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsALineOfNamedFields() {
        LoggingEvent event = event("{} of {}", null, 1, "two");
        event.setKeyValuePairs(List.of(
                new KeyValuePair("status", 200), new KeyValuePair("cut", false), new KeyValuePair("user", "alice")));
        assertEquals(
                "{\"time\":\"2026-11-29T10:11:12.345Z\",\"level\":\"WARN\",\"logger\":\"a.b.Logger\",\"thread\":\"main\","
                        + "\"message\":\"1 of two\",\"status\":200,\"cut\":false,\"user\":\"alice\"}\n",
                encoded(event));
    }

    @Test
    void whateverAMessageHoldsItIsOneLine() {
        String line = encoded(event("a \"quote\"\r\nand \u0000 \u2028 gr\u00fcn \ud83d\ude00", null));
        assertEquals(1, line.lines().count());
        assertEquals(
                "a \"quote\"\r\nand \u0000 \u2028 gr\u00fcn \ud83d\ude00", new JsonObject(line).getString("message"));
    }

    @Test
    void aFieldDoesNotHideWhatTheLogSays() {
        LoggingEvent event = event("text", null);
        event.setKeyValuePairs(List.of(new KeyValuePair("level", "none"), new KeyValuePair("other", null)));
        JsonObject line = new JsonObject(encoded(event));
        assertEquals("WARN", line.getString("level"));
        assertEquals("null", line.getString("other"));
    }

    @Test
    void theRequestThatAnEventBelongsToIsNamedOnce() {
        LoggingEvent event = event("text", null);
        event.setKeyValuePairs(List.of(new KeyValuePair("request", "said")));
        event.setMDCPropertyMap(Map.of("request", "noted", "trace", "noted", "of", "a text"));
        JsonObject line = new JsonObject(encoded(event));
        assertEquals("said", line.getString("request"));
        assertEquals("noted", line.getString("trace"));
        assertFalse(line.containsKey("of"));
    }

    @Test
    void anErrorIsAFieldOfBoundedLength() {
        assertFalse(new JsonObject(encoded(event("text", null))).containsKey("error"));
        String error = new JsonObject(encoded(event("text", new IllegalStateException("why".repeat(10_000)))))
                .getString("error");
        assertTrue(error.startsWith("java.lang.IllegalStateException: why"));
        assertEquals(8_000, error.length());
    }
}
