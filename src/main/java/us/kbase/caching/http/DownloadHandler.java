package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.route.Target;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/** {@code GET} and {@code HEAD /cache/<id>}: the file under the client's demand, a single range if asked (RFC 9110). */
final class DownloadHandler {

    private final AuthHandler auth;
    private final CacheService cache;
    private final Duration patience;

    /** Cuts a client that takes nothing for so long. */
    DownloadHandler(AuthHandler auth, CacheService cache, Duration patience) {
        this.auth = auth;
        this.cache = cache;
        this.patience = patience;
    }

    void handle(RoutingContext context) {
        auth.caller(context)
                .compose(caller -> {
                    CacheId id = Target.id(context);
                    return context.request().method().equals(HttpMethod.HEAD)
                            ? cache.stat(id, caller.tokenId()).compose(file -> describe(context, file))
                            : cache.open(id, caller.tokenId(), range(context))
                                    .compose(opened -> send(context, opened))
                                    .compose(sent -> renew(id));
                })
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }

    /** The reply has been sent: what becomes of the renewal is no matter of the client's. */
    private Future<Void> renew(CacheId id) {
        return Future.succeededFuture(id)
                .compose(cache::downloaded)
                .onFailure(AccessLog::replyFailed)
                .otherwiseEmpty()
                .mapEmpty();
    }

    private Future<Void> describe(RoutingContext context, Entry.File file) {
        headers(context.response(), file);
        context.response()
                .putHeader("Content-Length", Long.toString(file.stored().lengthBytes()));
        return context.response().end();
    }

    private Future<Void> send(RoutingContext context, CacheService.Opened opened) {
        HttpServerResponse response = context.response();
        Download download = opened.download();
        String etag = download.stored().etag();
        headers(response, opened.file());
        if (etag.equals(context.request().getHeader("If-None-Match"))) {
            download.bytes().cancel();
            return response.setStatusCode(304).end();
        }
        if (!range(context).equals(ByteRange.ALL)) {
            response.setStatusCode(206)
                    .putHeader(
                            "Content-Range",
                            "bytes %d-%d/%d"
                                    .formatted(
                                            download.startBytes(),
                                            download.startBytes() + download.lengthBytes() - 1,
                                            download.stored().lengthBytes()));
        }
        response.putHeader("Content-Length", Long.toString(download.lengthBytes()));
        Sink sink = new Sink(context, download.bytes(), patience);
        return Pump.run(download.bytes(), sink::write)
                .compose(v -> response.end())
                .onComplete(done -> sink.close())
                .onFailure(cause -> download.bytes().cancel());
    }

    private static void headers(HttpServerResponse response, Entry.File file) {
        response.putHeader("Content-Type", ContentTypes.of(file.filename()))
                .putHeader("ETag", file.stored().etag())
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Cache-Control", "private, no-cache")
                .putHeader("X-Content-Type-Options", "nosniff");
    }

    /** The single range asked for; anything else (several, malformed, a stale If-Range) means the whole file. */
    private static ByteRange range(RoutingContext context) {
        String header = context.request().getHeader("Range");
        return header == null || context.request().getHeader("If-Range") != null
                ? ByteRange.ALL
                : RangeHeader.parse(header).orElse(ByteRange.ALL);
    }

    /** The client's end: takes the next chunk when its socket has room, and gives up one that takes nothing. */
    private static final class Sink {
        private final RoutingContext context;
        private final HttpServerResponse response;
        private final long patienceMillis;
        private Promise<Void> drained = Promise.promise();
        private long timer = -1;

        Sink(RoutingContext context, ByteSource source, Duration patience) {
            this.context = context;
            this.patienceMillis = patience.toMillis();
            this.response = context.response();
            response.exceptionHandler(cause -> gone(source));
            response.closeHandler(v -> gone(source));
            response.drainHandler(v -> drained.tryComplete());
        }

        private void gone(ByteSource source) {
            drained.tryFail(new Failure.ClientGone(null));
            source.cancel();
        }

        Future<Void> write(Buffer chunk) {
            Future<Void> written = response.write(chunk)
                    .onComplete(done -> Chunk.release(chunk))
                    .onFailure(AccessLog::replyFailed);
            if (written.failed() || !response.writeQueueFull()) {
                return written.failed() ? written : Future.succeededFuture();
            }
            Promise<Void> promise = Promise.promise();
            drained = promise;
            timer = context.vertx().setTimer(patienceMillis, id -> promise.tryFail(new Failure.ClientGone(null)));
            return promise.future().onComplete(done -> context.vertx().cancelTimer(timer));
        }

        void close() {
            context.vertx().cancelTimer(timer);
        }
    }
}
