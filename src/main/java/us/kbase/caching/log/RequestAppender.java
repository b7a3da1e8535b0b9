package us.kbase.caching.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import us.kbase.caching.trace.CurrentRequest;
import us.kbase.caching.trace.TraceSpan;

/**
 * An appender behind a queue, which notes of each event the request that led to it: behind the queue nobody knows. As a map of
 * diagnostics {@code request}, {@code trace} where there is one, and {@code of}, both as readable lines show them. Named in
 * {@code conf/logback.xml}; any thread.
 */
public final class RequestAppender extends AsyncAppender {

    private static final String REQUEST = "request";

    @Override
    protected void preprocess(ILoggingEvent event) {
        if (event instanceof LoggingEvent ours) {
            Map<String, String> request = request(event.getKeyValuePairs());
            if (!request.isEmpty()) {
                note(ours, request);
            }
        }
        super.preprocess(event);
    }

    private static void note(LoggingEvent event, Map<String, String> request) {
        try {
            event.setMDCPropertyMap(request);
        } catch (IllegalStateException noted) {
            return; // by an appender before this one
        }
    }

    private static Map<String, String> request(@Nullable List<KeyValuePair> said) {
        Map<String, String> known = new HashMap<>();
        CurrentRequest.id().ifPresent(id -> known.put(REQUEST, id));
        CurrentRequest.span().map(TraceSpan::traceId).ifPresent(trace -> known.put("trace", trace));
        if (!known.isEmpty()) {
            known.put("of", shown(known, said != null && said.stream().anyMatch(field -> field.key.equals(REQUEST))));
        }
        return known;
    }

    /** A line that begins with the request's id does not say it twice. */
    private static String shown(Map<String, String> known, boolean saysRequest) {
        StringBuilder text = new StringBuilder();
        for (String name : List.of(REQUEST, "trace")) {
            if (known.containsKey(name) && !(saysRequest && name.equals(REQUEST))) {
                text.append(' ').append(name).append('=').append(known.get(name));
            }
        }
        return text.toString();
    }
}
