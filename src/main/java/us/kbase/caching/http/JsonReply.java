package us.kbase.caching.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** Replies as the original sends them: sorted keys, compact, a newline, and a content type without charset. */
final class JsonReply {

    private JsonReply() {}

    static void send(HttpServerResponse response, int status, Map<String, ?> fields) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader("Content-Type", "application/json");
        response.end(text(fields)).onFailure(AccessLog::replyFailed);
    }

    private static String text(Map<String, ?> fields) {
        return new JsonObject(sorted(fields)).encode() + "\n";
    }

    private static Map<String, Object> sorted(Map<String, ?> fields) {
        Map<String, Object> result = new TreeMap<>();
        fields.forEach((key, value) -> result.put(key, value instanceof Map<?, ?> map ? sorted(cast(map)) : value));
        return result;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> cast(Map<?, ?> map) {
        return (Map<String, ?>) map;
    }
}
