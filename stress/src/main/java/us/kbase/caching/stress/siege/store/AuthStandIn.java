package us.kbase.caching.stress.siege.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * KBase's auth2 as far as a gateway sees it. A token {@code siege-USER} or {@code siege-USER-ANYTHING} is good and its user is
 * USER; all others are refused. Each answer takes a while, as that of a server elsewhere does.
 */
public final class AuthStandIn {

    private static final Pattern GOOD = Pattern.compile("siege-([a-z0-9]+)(-.*)?");
    private static final long ANSWER_MILLIS = 20;
    private static final long VALID_MILLIS = 86_400_000;
    private static final long CACHE_MILLIS = 300_000;

    private final HttpServer server;
    private final AtomicLong refused = new AtomicLong();

    /** A stand-in that does not listen yet. */
    public AuthStandIn(Vertx vertx) {
        this.server = vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(1024))
                .requestHandler(request -> vertx.setTimer(ANSWER_MILLIS, timer -> answer(request)));
    }

    /** A good token of this user. */
    public static String token(String user) {
        return "siege-" + user;
    }

    /** Another good token of this user, which no gateway has seen. */
    public static String freshToken(String user, String anything) {
        return token(user) + "-" + anything;
    }

    /** Begins to listen on a free port of the loopback interface. */
    public Future<Void> listen() {
        return server.listen(0, "127.0.0.1").mapEmpty();
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** How many tokens it refused. */
    public long refused() {
        return refused.get();
    }

    private void answer(HttpServerRequest request) {
        Matcher token = GOOD.matcher(String.valueOf(request.getHeader("Authorization")));
        boolean good = token.matches();
        if (!good) {
            refused.incrementAndGet();
        }
        request.response()
                .setStatusCode(good ? 200 : 401)
                .putHeader("Content-Type", "application/json")
                .end((good ? valid(token.group(1)) : invalid()).toBuffer())
                .onFailure(gone -> {});
    }

    private static JsonObject valid(String user) {
        long now = System.currentTimeMillis();
        return new JsonObject()
                .put("type", "Login")
                .put("id", "7d444840-9dc0-11d1-b245-5ffdce74fad2")
                .put("expires", now + VALID_MILLIS)
                .put("created", now)
                .put("user", user)
                .put("custom", new JsonObject())
                .put("cachefor", CACHE_MILLIS);
    }

    private static JsonObject invalid() {
        return new JsonObject()
                .put(
                        "error",
                        new JsonObject()
                                .put("httpcode", 401)
                                .put("appcode", 10020)
                                .put("message", "10020 Invalid token"));
    }
}
