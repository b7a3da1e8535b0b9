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
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.names.Names;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.tally.CallTimes;
import us.kbase.caching.tally.TimedCall;
import us.kbase.caching.text.AsciiSet;

/** Asks KBase's auth2: {@code GET <url>/api/V2/token} with the raw token. Any event loop. */
public final class KBaseAuthenticator implements Authenticator {

    private static final int TIMEOUT_MILLIS = 4_000;
    private static final int CONNECTIONS_MAX = 32;
    private static final int REPLY_BYTES_MAX = 64 * 1024;
    private static final int USER_LENGTH_MAX = 100;

    /** How long a user counts as no administrator whose roles could not be asked for. */
    private static final long UNSURE_MILLIS = 2_000;

    private static final Logger log = LoggerFactory.getLogger(KBaseAuthenticator.class);

    private final String url;
    private final String api;
    private final Set<String> adminRoles;
    private final HttpClient client;
    private final int timeoutMillis;
    private final CallTimes times;

    /** As below, with no administrators, and untold. */
    KBaseAuthenticator(Vertx vertx, URI url) {
        this(vertx, url, Set.of(), CallTimes.UNTOLD);
    }

    /**
     * Asks the server at this URL, which also becomes the first part of token ids, exactly as given.
     *
     * @param adminRoles custom roles that make an administrator; without any, nobody is asked for roles
     * @param times hears how long each question took
     */
    public KBaseAuthenticator(Vertx vertx, URI url, Set<String> adminRoles, CallTimes times) {
        this(vertx, url, adminRoles, times, TIMEOUT_MILLIS);
    }

    KBaseAuthenticator(Vertx vertx, URI url, Set<String> adminRoles, CallTimes times, int timeoutMillis) {
        this.times = times;
        this.url = url.toString();
        this.api = this.url + (this.url.endsWith("/") ? "" : "/") + "api/V2/";
        this.adminRoles = Set.copyOf(adminRoles);
        this.timeoutMillis = timeoutMillis;
        this.client = Names.of(vertx)
                .usedBy(vertx.httpClientBuilder(), String.valueOf(url.getHost()))
                .with(new HttpClientOptions().setConnectTimeout(timeoutMillis))
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX))
                .build();
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Future.failedFuture(new Failure.Forbidden("10020 Invalid token"));
        }
        return ask("token", token)
                .map(this::verdict)
                .compose(verdict -> adminRoles.isEmpty() ? Future.succeededFuture(verdict) : withRoles(verdict, token));
    }

    /** A fault here must not keep users out: who cannot be shown to be an administrator is none, and is asked for again soon. */
    private Future<Verdict> withRoles(Verdict user, String token) {
        String tokenId = user.caller().tokenId();
        return ask("me", token)
                .map(reply -> new Verdict(new Caller(tokenId, isAdmin(reply)), user.cacheForMillis()))
                .recover(fault -> {
                    log.warn(
                            "The roles of {} are not known, so that it counts as a user: {}",
                            tokenId,
                            Reason.why(fault));
                    return Future.succeededFuture(
                            new Verdict(new Caller(tokenId, false), Math.min(UNSURE_MILLIS, user.cacheForMillis())));
                });
    }

    private boolean isAdmin(Reply reply) {
        if (reply.status() >= 500) {
            throw unavailable(new IllegalStateException("status " + reply.status() + " to a question for roles"));
        }
        return reply.status() == 200
                && parse(reply.body()).getValue("customroles") instanceof JsonArray roles
                && roles.stream().anyMatch(adminRoles::contains);
    }

    private record Reply(int status, Buffer body) {}

    private Future<Reply> ask(String what, String token) {
        String operation = "auth " + what;
        TimedCall timed = TimedCall.begin(operation, times);
        // Redirects are not followed: they would carry the token elsewhere.
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(api + what)
                .setConnectTimeout(timeoutMillis)
                .setTraceOperation(operation)
                .putHeader("Authorization", token)
                .putHeader("Accept", "application/json");
        return client.request(options)
                .compose(this::exchange)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .andThen((reply, cause) -> {
                    if (cause == null) {
                        timed.answered(reply.status());
                    } else {
                        timed.unanswered();
                    }
                })
                .recover(cause -> Future.failedFuture(unavailable(new Unanswered(cause))));
    }

    /** Has a time limit of its own, at which a connection whose reply never ends is closed and not kept waiting. */
    private Future<Reply> exchange(HttpClientRequest request) {
        return request.send()
                .compose(reply -> collect(reply).map(body -> new Reply(reply.statusCode(), body)))
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .onFailure(cause -> request.reset().onFailure(alreadyEnded -> {}));
    }

    /** The reply's body up to a limit, so that a broken server cannot fill the heap. */
    private static Future<Buffer> collect(HttpClientResponse reply) {
        Promise<Buffer> whole = CallersContext.promise();
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

    private Verdict verdict(Reply answer) {
        int status = answer.status();
        JsonObject reply = parse(answer.body());
        Object error = reply.getValue("error");
        if (error instanceof JsonObject details && details.getValue("message") instanceof String message) {
            if (status >= 500) {
                throw unavailable(new IllegalStateException("auth server: " + message));
            }
            throw new Failure.Forbidden(message);
        }
        if (status != 200 || !(reply.getValue("user") instanceof String user) || !isUser(user)) {
            throw unavailable(new IllegalStateException("status " + status + " without a user as auth2 has them"));
        }
        long cacheForMillis = reply.getValue("cachefor") instanceof Number n ? n.longValue() : 0;
        long expires = reply.getValue("expires") instanceof Number n ? n.longValue() : 0;
        long believed = Math.max(0, Math.min(cacheForMillis, expires - System.currentTimeMillis()));
        return new Verdict(new Caller(url + ":" + user), believed);
    }

    /**
     * auth2 has names of {@code [a-z][a-z0-9_]*}, and {@code ***ROOT***}. Any that could not stand in an id, in metadata and in a line of
     * the log is a fault.
     */
    private static boolean isUser(String name) {
        return AsciiSet.VISIBLE.spells(name, 1, USER_LENGTH_MAX) && name.indexOf(':') < 0;
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
