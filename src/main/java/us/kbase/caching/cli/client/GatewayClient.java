package us.kbase.caching.cli.client;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import us.kbase.caching.failure.Reason;

/** Makes the small calls of a job client and lets transfers make theirs; blocking. Any thread. */
public final class GatewayClient implements AutoCloseable {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final int JSON_BYTES_MAX = 8 << 20;
    private static final int NO_JSON_SHOWN_MAX = 200;

    /**
     * How a refusal by TLS 1.3 looks when its alert is lost. The client has sent its request by then (RFC 8446 section 4.4.2.4), and a
     * system that closes with unread bytes resets the connection (RFC 1122 section 4.2.2.13), which throws away what was on its way.
     */
    private static final List<String> CUTS =
            List.of("Connection reset", "Broken pipe", "closed the connection without an answer");

    private final HttpClient http;
    private final ServerAddress server;
    private final String token;

    /**
     * Speaks with one gateway as one user.
     *
     * @throws IllegalArgumentException with a sentence, when the token cannot be sent
     */
    public GatewayClient(ServerAddress server, String token) {
        this(server, token, HttpClient.newBuilder());
    }

    /** The same; believes, where it speaks https, only whom that trusts ({@link Trust}). */
    public GatewayClient(ServerAddress server, String token, SSLContext trusting) {
        this(server, token, HttpClient.newBuilder().sslContext(trusting));
    }

    private GatewayClient(ServerAddress server, String token, HttpClient.Builder client) {
        if (!token.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            throw new IllegalArgumentException(
                    "The token has a blank, a line end or a letter that tokens do not have; copy it once more.");
        }
        this.server = server;
        this.token = token;
        this.http = client.version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_MAX)
                .build();
    }

    /** The gateway's address. */
    public ServerAddress server() {
        return server;
    }

    /** Begins a request to a path below {@code /v1}, with the token set. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + "/v1" + path)).header("Authorization", token);
    }

    /** Begins a request to an entry. */
    public HttpRequest.Builder entry(String cacheId) {
        return request("/cache/" + escaped(cacheId));
    }

    /** Sends a request whose answer is JSON and comes within a minute. */
    @CanIgnoreReturnValue
    public JsonObject json(HttpRequest request) throws IOException, InterruptedException {
        return json(request, ANSWER_MAX);
    }

    /** Sends a request whose answer is JSON and begins within that time. */
    @CanIgnoreReturnValue
    public JsonObject json(HttpRequest request, Duration answerMax) throws IOException, InterruptedException {
        return parsed(answer(start(request), answerMax));
    }

    /** Asks for the id of parameters, given as a JSON object. */
    public String cacheId(byte[] parameters) throws IOException, InterruptedException {
        JsonObject reply = json(request("/cache_id")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(parameters))
                .build());
        return reply.getString("cache_id");
    }

    /** Sends a request and waits for nothing. */
    public CompletableFuture<HttpResponse<InputStream>> start(HttpRequest request) {
        return start(request, BodyHandlers.ofInputStream());
    }

    /** The same, and the body's handler sees the answer's head first. */
    CompletableFuture<HttpResponse<InputStream>> start(HttpRequest request, BodyHandler<InputStream> body) {
        return http.sendAsync(request, body);
    }

    /** Waits until an answer begins. HttpClient's own timeout ends a whole transfer in some versions of Java. */
    public HttpResponse<InputStream> answer(CompletableFuture<HttpResponse<InputStream>> asked, Duration max)
            throws IOException, InterruptedException {
        try {
            return asked.get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            asked.cancel(true);
            throw new Unreachable("No answer from " + server + " within " + max.toSeconds() + " s.", e);
        } catch (InterruptedException e) {
            asked.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        }
    }

    Unreachable unreachable(Throwable cause) {
        String why = Reason.clause(cause);
        String advice = server.toString().startsWith("https:") && CUTS.stream().anyMatch(why::contains)
                ? "; if it wants a certificate of its clients, show one by --cert and --key"
                : "; is the service running?";
        return new Unreachable("No answer from " + server + ": " + why + advice, cause);
    }

    /** Reads an answer that must be JSON of a 2xx status. */
    @CanIgnoreReturnValue
    public JsonObject parsed(HttpResponse<InputStream> response) throws IOException {
        return parsed(response.statusCode(), new String(body(response, JSON_BYTES_MAX), StandardCharsets.UTF_8));
    }

    /** Reads an answer's body into memory, and no more than that many bytes of it. */
    public byte[] body(HttpResponse<InputStream> response, int bytesMax) throws Unreachable {
        try (InputStream body = response.body();
                StallWatch watch = new StallWatch(SILENCE_MAX, () -> closed(body))) {
            byte[] bytes = body.readNBytes(bytesMax);
            if (watch.hasEnded()) {
                throw new Unreachable("The answer of " + server + " broke off.");
            }
            return bytes;
        } catch (Unreachable e) {
            throw e;
        } catch (IOException e) {
            throw new Unreachable("The answer of " + server + " broke off.", e);
        }
    }

    static void closed(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // Who reads from it finds out.
            return;
        }
    }

    private JsonObject parsed(int status, String text) throws ErrorReply {
        JsonObject json;
        try {
            json = new JsonObject(text);
        } catch (DecodeException e) {
            throw new ErrorReply(
                    status, server + " answered " + status + " and no JSON; is a CachingService at this address?");
        }
        if (status / 100 != 2) {
            throw new ErrorReply(status, "The server answered " + status + ": " + sentence(json, text));
        }
        return json;
    }

    private static String sentence(JsonObject json, String text) {
        return List.of("error", "message", "result").stream()
                .filter(json::containsKey)
                .map(name -> String.valueOf(json.getValue(name)))
                .findFirst()
                .orElse(text.length() > NO_JSON_SHOWN_MAX ? text.substring(0, NO_JSON_SHOWN_MAX) : text);
    }

    /** Writes text as one segment of a path. */
    public static String escaped(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
