package us.kbase.caching.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import us.kbase.caching.failure.Failure;

/** Asks KBase's auth2: {@code GET <url>/api/V2/token} with the raw token. Any event loop. */
public final class KBaseAuthenticator implements Authenticator {

    private static final int TIMEOUT_MILLIS = 4_000;
    private static final int CONNECTIONS_MAX = 32;
    private static final int REPLY_BYTES_MAX = 64 * 1024;

    private final String url;
    private final String endpoint;
    private final HttpClient client;
    private final int timeoutMillis;

    /** Asks the server at this URL, which also becomes the first part of token ids, exactly as given. */
    public KBaseAuthenticator(Vertx vertx, URI url) {
        this(vertx, url, TIMEOUT_MILLIS);
    }

    KBaseAuthenticator(Vertx vertx, URI url, int timeoutMillis) {
        this.url = url.toString();
        this.endpoint = this.url + (this.url.endsWith("/") ? "" : "/") + "api/V2/token";
        this.timeoutMillis = timeoutMillis;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(timeoutMillis),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Future.failedFuture(new Failure.Forbidden("10020 Invalid token"));
        }
        // Redirects are not followed: they would carry the token elsewhere.
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(endpoint)
                .setConnectTimeout(timeoutMillis)
                .putHeader("Authorization", token)
                .putHeader("Accept", "application/json");
        return client.request(options)
                .compose(this::exchange)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(cause instanceof Failure ? cause : unavailable(cause)));
    }

    /** Has a time limit of its own, at which a connection whose reply never ends is closed and not kept waiting. */
    private Future<Verdict> exchange(HttpClientRequest request) {
        return request.send()
                .compose(reply -> collect(reply).map(body -> verdict(reply.statusCode(), body)))
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .onFailure(cause -> {
                    if (!(cause instanceof Failure)) {
                        request.reset().onFailure(alreadyEnded -> {});
                    }
                });
    }

    /** The reply's body up to a limit, so that a broken server cannot fill the heap. */
    private static Future<Buffer> collect(HttpClientResponse reply) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        reply.exceptionHandler(whole::tryFail);
        reply.endHandler(v -> whole.tryComplete(body));
        reply.handler(chunk -> {
            if (body.length() + chunk.length() > REPLY_BYTES_MAX) {
                whole.tryFail(new IllegalStateException("a reply of more than " + REPLY_BYTES_MAX + " bytes"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        return whole.future();
    }

    private Verdict verdict(int status, Buffer body) {
        JsonObject reply = parse(body);
        Object error = reply.getValue("error");
        if (error instanceof JsonObject details && details.getValue("message") instanceof String message) {
            if (status >= 500) {
                throw unavailable(new IllegalStateException("auth server: " + message));
            }
            throw new Failure.Forbidden(message);
        }
        if (status != 200 || !(reply.getValue("user") instanceof String user) || user.isEmpty()) {
            throw unavailable(new IllegalStateException("status " + status + " without a user"));
        }
        long cacheForMillis = reply.getValue("cachefor") instanceof Number n ? n.longValue() : 0;
        long expires = reply.getValue("expires") instanceof Number n ? n.longValue() : 0;
        long believed = Math.max(0, Math.min(cacheForMillis, expires - System.currentTimeMillis()));
        return new Verdict(new Caller(url + ":" + user), believed);
    }

    private static JsonObject parse(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException notJson) {
            throw unavailable(notJson);
        }
    }

    private static Failure unavailable(Throwable cause) {
        return new Failure.Upstream("The auth server cannot be reached or does not answer as expected", cause);
    }
}
