package us.kbase.caching.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.digest.DigestField;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.ClientConnection;
import us.kbase.caching.http.connection.JsonReply;

/** The one table from failures to statuses. A reply that has begun cannot be taken back: its connection is cut. */
public final class FailureHandler {

    private static final Logger log = LoggerFactory.getLogger(FailureHandler.class);
    private static final long RETRY_AFTER_SECONDS = 5;

    /** What a reply says of the result that it was to carry; its status and type are set anew. */
    private static final List<String> OF_A_RESULT = List.of(
            "Accept-Ranges",
            ResultHeaders.COMPUTE_SECONDS,
            DigestField.CACHE_DIGEST,
            "Content-Disposition",
            "Content-Length",
            "Content-Range",
            "ETag",
            "Last-Modified",
            DigestField.REPR_DIGEST);

    private FailureHandler() {}

    /**
     * Replies with what came of a request, or with its failure. A fault while the reply is made is a failure too: thrown by a
     * future's listener it would leave the request without an answer.
     */
    @CanIgnoreReturnValue
    public static <T> Future<Void> answer(RoutingContext context, Future<T> outcome, Consumer<T> reply) {
        return outcome.<Void>map(value -> {
                    reply.accept(value);
                    return null;
                })
                .onFailure(cause -> fail(context, cause));
    }

    public static void fail(RoutingContext context, Throwable cause) {
        HttpServerResponse response = context.response();
        if (response.headWritten()) {
            log.warn("A reply was cut: {}", cause.getMessage() == null ? Reason.why(cause) : Reason.of(cause));
            cut(context.request().connection(), cause);
            return;
        }
        OF_A_RESULT.forEach(name -> response.headers().remove(name));
        switch (cause) {
            case Failure.ClientGone gone -> log.debug("{}", gone.getMessage());
            case Failure.NotFound f -> reply(response, 404, f);
            case Failure.Forbidden f -> reply(response, 403, f);
            case Failure.BadInput f -> reply(response, 400, f);
            case Failure.LeaseLost f -> reply(response, 409, f);
            case Failure.NotABundle f -> reply(response, 409, f);
            case Failure.Unsupported f -> reply(response, 501, f);
            case Failure.PreconditionFailed f -> reply(response, 412, f);
            case Failure.TooSlow f -> reply(response, 408, f);
            case Failure.TooLarge f -> reply(response, 413, f);
            case Failure.RangeNotSatisfiable f -> {
                response.putHeader("Content-Range", "bytes */" + f.lengthBytes());
                reply(response, 416, f);
            }
            case Failure.TooMany f -> later(response, 429, f.retrySeconds(), f);
            case Failure.Busy f -> later(response, 503, RETRY_AFTER_SECONDS, f);
            case Failure.Upstream f -> {
                tell(f);
                later(response, 503, RETRY_AFTER_SECONDS, f);
            }
            case Failure.StorageFull f -> {
                tell(f);
                reply(response, 507, f);
            }
            default -> {
                log.error("Unexpected failure", cause);
                JsonReply.send(response, 500, Map.of("error", "Unexpected server error", "status", "error"));
            }
        }
    }

    /** Vert.x closes behind what has been written, which a client that takes nothing would put off for ever. */
    private static void cut(HttpConnection connection, Throwable cause) {
        if (cause instanceof Failure.ClientGone) {
            ClientConnection.of(((ConnectionBase) connection).channel()).ifPresent(ClientConnection::cut);
        } else {
            connection.close().onFailure(AccessLog::replyFailed);
        }
    }

    /** One line, in the one format of the log; who gave no cause has told it once for many. */
    private static void tell(Failure fault) {
        if (fault.getCause() != null) {
            log.warn("{}", Reason.of(fault));
            log.debug("{}", fault.getMessage(), fault.getCause());
        }
    }

    private static void later(HttpServerResponse response, int status, long seconds, Failure failure) {
        response.putHeader("Retry-After", Long.toString(seconds));
        reply(response, status, failure);
    }

    private static void reply(HttpServerResponse response, int status, Failure failure) {
        JsonReply.send(response, status, Map.of("error", String.valueOf(failure.getMessage()), "status", "error"));
    }
}
