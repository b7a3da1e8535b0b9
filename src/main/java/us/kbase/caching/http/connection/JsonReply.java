package us.kbase.caching.http.connection;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** Replies as the original sends them: sorted keys, compact, a newline, and a content type without charset. */
public final class JsonReply {

    private JsonReply() {}

    public static void send(HttpServerResponse response, int status, Map<String, ?> fields) {
        if (response.ended() || response.closed()) {
            return;
        }
        send(response.setStatusCode(status).putHeader("Content-Type", "application/json"), text(fields));
    }

    /** Ends a reply with this content; a reply to {@code HEAD} has the content's length, which Vert.x leaves out, and not the content. */
    public static void send(HttpServerResponse response, String content) {
        Buffer body = Buffer.buffer(content);
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                .end(body)
                .onFailure(AccessLog::replyFailed);
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
