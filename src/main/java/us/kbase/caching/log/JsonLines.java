package us.kbase.caching.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One line of JSON for each event, ours or a library's: {@code time}, {@code level}, {@code logger}, {@code thread},
 * {@code message}, then the event's own fields by their names, then {@code request} and {@code trace}, then {@code error}. Logback's own encoder writes what a message
 * is made of as an array without names. Named in {@code conf/logback.xml}; any thread.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final int ERROR_CHARS_MAX = 8_000;

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonObject line = new JsonObject()
                .put(
                        "time",
                        DateTimeFormatter.ISO_INSTANT.format(event.getInstant().truncatedTo(ChronoUnit.MILLIS)))
                .put("level", event.getLevel().toString())
                .put("logger", event.getLoggerName())
                .put("thread", event.getThreadName())
                .put("message", event.getFormattedMessage());
        addFields(line, event.getKeyValuePairs());
        addRequest(line, event.getMDCPropertyMap());
        addError(line, event.getThrowableProxy());
        return (line.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void addFields(JsonObject line, @Nullable List<KeyValuePair> fields) {
        if (fields == null) {
            return;
        }
        for (KeyValuePair field : fields) {
            if (!line.containsKey(field.key)) {
                line.put(field.key, value(field.value));
            }
        }
    }

    /** What {@link RequestAppender} noted; the access log says it itself. */
    private static void addRequest(JsonObject line, Map<String, String> noted) {
        for (String name : List.of("request", "trace")) {
            if (noted.containsKey(name) && !line.containsKey(name)) {
                line.put(name, noted.get(name));
            }
        }
    }

    private static Object value(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
    }

    private static void addError(JsonObject line, @Nullable IThrowableProxy error) {
        if (error != null) {
            String text = ThrowableProxyUtil.asString(error);
            line.put("error", text.substring(0, Math.min(ERROR_CHARS_MAX, text.length())));
        }
    }

    @Override
    public byte @Nullable [] headerBytes() {
        return null;
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return null;
    }
}
