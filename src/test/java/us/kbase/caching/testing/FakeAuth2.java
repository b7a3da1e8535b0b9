package us.kbase.caching.testing;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** KBase's auth2 as far as a gateway sees it, on a free port: {@code good} is a token, every other one is not. */
public final class FakeAuth2 implements AutoCloseable {

    public static final String GOOD = "GOODTOKENGOODTOKENGOODTOKEN32";
    public static final String USER = "alice";

    /** A question as it arrived. */
    public record Asked(String method, String path, String authorization, String accept) {}

    private final AtomicInteger calls = new AtomicInteger();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Handler<HttpServerRequest> answer = FakeAuth2::asAuth2;

    private FakeAuth2(Vertx vertx) {
        server = vertx.createHttpServer().requestHandler(request -> {
            calls.incrementAndGet();
            asked.add(new Asked(
                    request.method().name(),
                    request.path(),
                    request.getHeader("Authorization"),
                    request.getHeader("Accept")));
            answer.handle(request);
        });
    }

    public static FakeAuth2 start(Vertx vertx) {
        FakeAuth2 auth = new FakeAuth2(vertx);
        Await.result(auth.server.listen(0, "127.0.0.1"));
        return auth;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    public int calls() {
        return calls.get();
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Answers like this from now on. */
    public void answers(Handler<HttpServerRequest> handler) {
        answer = handler;
    }

    /** Answers with this status and text from now on. */
    public void answers(int status, String body) {
        answer = request -> reply(request, status, body);
    }

    /** Answers as auth2 does from now on. */
    public void answersAsAuth2() {
        answer = FakeAuth2::asAuth2;
    }

    private static void asAuth2(HttpServerRequest request) {
        String token = request.getHeader("Authorization");
        if (GOOD.equals(token)) {
            reply(request, 200, valid(USER, System.currentTimeMillis() + 3_600_000, 300_000));
        } else {
            reply(request, 401, error(401, 10020, "10020 Invalid token"));
        }
    }

    private static void reply(HttpServerRequest request, int status, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body);
    }

    /** auth2's answer for a token that it knows. */
    public static String valid(String user, long expiresEpochMillis, long cacheForMillis) {
        return new JsonObject()
                .put("type", "Login")
                .put("id", "7d444840-9dc0-11d1-b245-5ffdce74fad2")
                .put("expires", expiresEpochMillis)
                .put("created", 1_500_000_000_000L)
                .putNull("name")
                .put("user", user)
                .put("custom", new JsonObject())
                .put("cachefor", cacheForMillis)
                .encode();
    }

    /** auth2's answer for what it refuses. */
    public static String error(int status, int appCode, String message) {
        JsonObject error = new JsonObject()
                .put("httpcode", status)
                .put("appcode", appCode)
                .put("message", message)
                .put("callid", "123")
                .put("time", 1);
        return new JsonObject().put("error", error).encode();
    }

    @Override
    public void close() {
        Await.result(server.close());
    }
}
