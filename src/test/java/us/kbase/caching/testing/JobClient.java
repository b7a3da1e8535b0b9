package us.kbase.caching.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** A job client for tests: plain blocking calls, for virtual threads. */
public final class JobClient implements AutoCloseable {

    /** A reply. */
    public record Reply(int status, byte[] body, java.net.http.HttpHeaders headers) {
        public JsonObject json() {
            return new JsonObject(new String(body, java.nio.charset.StandardCharsets.UTF_8));
        }

        public String state() {
            return json().getString("state", "");
        }
    }

    /** Alice's, in tests that ask no auth server; .ci/canaries looks for it in all that the suite prints. */
    public static final String TOKEN = "canary-token-of-alice";

    private static final String BOUNDARY = "a-boundary";
    private final HttpClient http;
    private final String base;
    private final String token;

    public JobClient(int port, String token) {
        this("http://127.0.0.1:" + port, token, HttpClient.newBuilder());
    }

    /** By https, as that context says. */
    public JobClient(int port, String token, SSLContext tls) {
        this("https://127.0.0.1:" + port, token, HttpClient.newBuilder().sslContext(tls));
    }

    private JobClient(String server, String token, HttpClient.Builder client) {
        this.base = server + "/v1";
        this.token = token;
        this.http = client.version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    public String cacheId(JsonObject params) {
        HttpRequest.Builder request = request("/cache_id").header("Content-Type", "application/json");
        return send(request.POST(BodyPublishers.ofString(params.encode())))
                .json()
                .getString("cache_id");
    }

    public Reply ask(String id, JsonObject request) {
        return send(request("/cache/" + id + "/lease").POST(BodyPublishers.ofString(request.encode())));
    }

    public Reply askByParameters(JsonObject request) {
        return send(request("/lease").POST(BodyPublishers.ofString(request.encode())));
    }

    public Reply renew(String id, String lease) {
        return send(
                request("/cache/" + id + "/lease").header("Cache-Lease", lease).PUT(BodyPublishers.noBody()));
    }

    public Reply release(String id, String lease) {
        return send(
                request("/cache/" + id + "/lease").header("Cache-Lease", lease).DELETE());
    }

    public Reply upload(String id, String content) {
        return send(form(id, content));
    }

    public Reply upload(String id, String content, String lease) {
        return send(form(id, content).header("Cache-Lease", lease));
    }

    public Reply upload(String id, byte[] content) {
        byte[] head = ("--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"result.bin\"\r\n\r\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] body = new byte[head.length + content.length + tail.length];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(content, 0, body, head.length, content.length);
        System.arraycopy(tail, 0, body, head.length + content.length, tail.length);
        return send(request("/cache/" + id)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    public Reply download(String id) {
        return send(request("/cache/" + id).GET());
    }

    public Reply delete(String id) {
        return send(request("/cache/" + id).DELETE());
    }

    private HttpRequest.Builder form(String id, String content) {
        String body =
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"result.txt\"\r\n\r\n"
                        + content + "\r\n--" + BOUNDARY + "--\r\n";
        return request("/cache/" + id)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofString(body));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", token);
    }

    public Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
