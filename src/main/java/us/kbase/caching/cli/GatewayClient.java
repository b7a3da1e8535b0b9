package us.kbase.caching.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The calls of a job client, blocking, for the commands. Bodies are streamed: neither direction holds a file in memory. Any
 * reply that is not 2xx becomes a {@link Refused} with the server's own words.
 */
final class GatewayClient implements AutoCloseable {

    /** The server said no. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String sentence) {
            super(sentence);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final int COPY_BYTES = 64 << 10;
    private static final long ERROR_BYTES_MAX = 64 << 10;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build();
    private final String base;
    private final String token;

    GatewayClient(URI base, String token) {
        this.base = base.toString().replaceFirst("/+$", "");
        this.token = token;
    }

    /** A request to a path below {@code /v1}, with the token set. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + "/v1" + path)).header("Authorization", token);
    }

    /** Sends a request whose answer is JSON. */
    @CanIgnoreReturnValue
    JsonObject json(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(request);
        try (InputStream body = response.body()) {
            return parsed(response.statusCode(), body);
        }
    }

    /** The id of parameters, given as a JSON object. */
    String cacheId(byte[] parameters) throws IOException, InterruptedException {
        HttpRequest request = request("/cache_id")
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(parameters))
                .build();
        return json(request).getString("cache_id");
    }

    /** Uploads a file as the original's form; further headers ride along. */
    void upload(String cacheId, Path file, Map<String, String> headers, Progress progress)
            throws IOException, InterruptedException {
        String boundary = UUID.randomUUID().toString();
        HttpRequest.Builder request = request("/cache/" + escaped(cacheId))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(form(boundary, file, progress));
        headers.forEach(request::header);
        progress.begin(Files.size(file));
        json(request.build());
        progress.end();
    }

    private static BodyPublisher form(String boundary, Path file, Progress progress) throws IOException {
        String name = String.valueOf(file.getFileName()).replace("\"", "%22");
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        long bytes = head.length + Files.size(file) + tail.length;
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofByteArray(head),
                BodyPublishers.ofInputStream(() -> progress.reading(file)),
                BodyPublishers.ofByteArray(tail));
        return BodyPublishers.fromPublisher(body, bytes);
    }

    /**
     * Downloads into a file beside the target, which takes the target's place only when it is whole; a fault leaves the target as
     * it was.
     */
    void download(String cacheId, Path target, Progress progress) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                send(request("/cache/" + escaped(cacheId)).GET().build());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                parsed(response.statusCode(), body);
            }
        }
        // Not createTempFile: the result gets the rights that other files of this user get.
        Path part =
                target.toAbsolutePath().resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (InputStream in = response.body();
                    OutputStream out =
                            Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                progress.begin(
                        response.headers().firstValueAsLong("Content-Length").orElse(-1));
                copy(in, out, progress);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            progress.end();
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void copy(InputStream in, OutputStream out, Progress progress) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            progress.add(read);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (Refused e) {
            throw e;
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException("No answer from " + base + " (" + why + "); is the service running?", e);
        }
    }

    @CanIgnoreReturnValue
    private static JsonObject parsed(int status, InputStream body) throws IOException {
        String text = new String(body.readNBytes((int) ERROR_BYTES_MAX), StandardCharsets.UTF_8);
        JsonObject json;
        try {
            json = new JsonObject(text);
        } catch (DecodeException e) {
            throw new Refused(status, "The server answered " + status + " and no JSON; is this a CachingService?");
        }
        if (status / 100 != 2) {
            throw new Refused(status, "The server answered " + status + ": " + sentence(json, text));
        }
        return json;
    }

    private static String sentence(JsonObject json, String text) {
        return List.of("error", "message", "result").stream()
                .filter(json::containsKey)
                .map(name -> String.valueOf(json.getValue(name)))
                .findFirst()
                .orElse(text);
    }

    static String escaped(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
