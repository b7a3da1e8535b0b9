package us.kbase.caching.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.URI;
import java.util.Set;
import us.kbase.caching.failure.Failure;

/** Asks KBase's auth2: {@code GET <url>/api/V2/token} with the raw token. Any event loop. */
public final class KBaseAuthenticator implements Authenticator {

    private static final int TIMEOUT_MILLIS = 4_000;
    private static final int REPLY_BYTES_MAX = 64 * 1024;

    private final String url;
    private final String api;
    private final Set<String> adminRoles;
    private final WebClient client;

    /** As below, with no administrators. */
    public KBaseAuthenticator(Vertx vertx, URI url) {
        this(vertx, url, Set.of());
    }

    /**
     * Asks the server at this URL, which also becomes the first part of token ids, exactly as given.
     *
     * @param adminRoles custom roles that make an administrator; without any, nobody is asked for roles
     */
    public KBaseAuthenticator(Vertx vertx, URI url, Set<String> adminRoles) {
        this.url = url.toString();
        this.api = this.url + (this.url.endsWith("/") ? "" : "/") + "api/V2/";
        this.adminRoles = Set.copyOf(adminRoles);
        this.client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setFollowRedirects(false) // a redirect would carry the token elsewhere
                        .setConnectTimeout(TIMEOUT_MILLIS)
                        .setUserAgentEnabled(false));
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Future.failedFuture(new Failure.Forbidden("10020 Invalid token"));
        }
        CappedBuffer body = new CappedBuffer(REPLY_BYTES_MAX);
        return ask("token", token, body)
                .recover(cause -> Future.failedFuture(unavailable(cause)))
                .map(response -> verdict(response.statusCode(), body.content()))
                .compose(verdict -> adminRoles.isEmpty()
                        ? Future.succeededFuture(verdict)
                        : isAdmin(token)
                                .map(admin -> new Verdict(
                                        new Caller(verdict.caller().tokenId(), admin), verdict.cacheForMillis())));
    }

    private Future<HttpResponse<Void>> ask(String what, String token, CappedBuffer reply) {
        return client.getAbs(api + what)
                .putHeader("Authorization", token)
                .putHeader("Accept", "application/json")
                .timeout(TIMEOUT_MILLIS)
                .as(BodyCodec.pipe(reply, false))
                .send();
    }

    /** Who cannot be shown to be an administrator is none: a fault here must not keep users out. */
    private Future<Boolean> isAdmin(String token) {
        CappedBuffer body = new CappedBuffer(REPLY_BYTES_MAX);
        return ask("me", token, body)
                .map(response -> response.statusCode() == 200
                        && parse(body.content()).getValue("customroles") instanceof JsonArray roles
                        && roles.stream().anyMatch(adminRoles::contains))
                .otherwise(false);
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
