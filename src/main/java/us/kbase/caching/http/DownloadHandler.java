package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.condition.RangeRequest;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.route.Query;
import us.kbase.caching.http.route.Resource;
import us.kbase.caching.http.route.Target;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/** {@code GET} and {@code HEAD /cache/<id>}: the file at the client's pace, whole or one range of it, under its conditions. */
final class DownloadHandler {

    private static final int LOOKS_MAX = 4;

    private final AuthHandler auth;
    private final CacheService cache;
    private final Duration patience;

    /** Cuts a client that takes nothing for so long. */
    DownloadHandler(AuthHandler auth, CacheService cache, Duration patience) {
        this.auth = auth;
        this.cache = cache;
        this.patience = patience;
    }

    /** Answers as the original service does, which names no file. */
    void asTheOriginal(RoutingContext context) {
        answer(context, ResultHeaders::put);
    }

    /** Answers with the file's name too, by which a client may save it. */
    void byItsName(RoutingContext context) {
        answer(context, ResultHeaders::putWithName);
    }

    /** Writes what is known of a file to the head of a reply. */
    private interface Headers {
        void put(HttpServerResponse response, Entry.File file);
    }

    private void answer(RoutingContext context, Headers headers) {
        auth.caller(context)
                .compose(caller -> {
                    if (Target.of(context).resource() == Resource.ENTRY_FILE) {
                        Query.none(context.request());
                    }
                    CacheId id = Target.id(context);
                    return context.request().method().equals(HttpMethod.HEAD)
                            ? cache.stat(id, caller.tokenId()).compose(file -> describe(context, file, headers))
                            : auth.transfer(
                                    caller,
                                    () -> send(context, id, caller.tokenId(), headers)
                                            .onFailure(this::missed));
                })
                .onFailure(cause -> FailureHandler.fail(context, cause));
    }

    private void missed(Throwable cause) {
        if (cause instanceof Failure.NotFound) {
            cache.tally().miss();
        }
    }

    private void found(Entry.File file) {
        cache.tally().hit(file.computeTime().seconds());
    }

    /** The reply has been sent, and its transfer is over: the renewal is begun, and nobody waits for it. */
    static Future<Void> renew(CacheService cache, Entry.File file) {
        Future<Void> renewed = Future.succeededFuture(file).compose(cache::downloaded);
        renewed.onFailure(AccessLog::replyFailed);
        return Future.succeededFuture();
    }

    private static Future<Void> describe(RoutingContext context, Entry.File file, Headers headers) {
        return Demands.hasAlready(context.request(), file)
                ? notModified(context, file)
                : head(context, file, headers)
                        .putHeader("Content-Length", Long.toString(file.stored().lengthBytes()))
                        .end();
    }

    private static Future<Void> notModified(RoutingContext context, Entry.File file) {
        return ResultHeaders.putValidators(context.response().setStatusCode(304), file)
                .end();
    }

    private static HttpServerResponse head(RoutingContext context, Entry.File file, Headers headers) {
        headers.put(context.response(), file);
        return context.response();
    }

    private Future<Void> send(RoutingContext context, CacheId id, String tokenId, Headers headers) {
        RangeRequest asked = RangeRequest.of(context.request().headers());
        return Demands.of(context.request()).isEmpty() && asked.ifRange().isEmpty()
                ? cache.open(id, tokenId, asked.range())
                        .compose(opened -> send(context, opened, asked.range(), headers))
                : sendIf(context, id, tokenId, headers);
    }

    private Future<Void> sendIf(RoutingContext context, CacheId id, String tokenId, Headers headers) {
        AtomicInteger looks = new AtomicInteger();
        return Steps.whileMore(() -> looks.incrementAndGet() > LOOKS_MAX
                ? Future.failedFuture(new Failure.Busy("The entry keeps changing; try again"))
                : sentAsSeen(context, id, tokenId, headers).map(sent -> !sent));
    }

    /** Decides by what is known of the result, then opens that version of it; whether it was still there. */
    private Future<Boolean> sentAsSeen(RoutingContext context, CacheId id, String tokenId, Headers headers) {
        return cache.stat(id, tokenId).compose(file -> {
            if (Demands.hasAlready(context.request(), file)) {
                found(file);
                return notModified(context, file)
                        .compose(v -> renew(cache, file))
                        .map(true);
            }
            ByteRange range = RangeRequest.of(context.request().headers()).of(Demands.validators(file));
            return cache.open(id, tokenId, range, Optional.of(file.stored().etag()))
                    .map(Optional::of)
                    .recover(cause -> cause instanceof Conflict
                            ? Future.succeededFuture(Optional.empty())
                            : Future.failedFuture(cause))
                    .compose(opened -> opened.isPresent()
                            ? send(context, opened.get(), range, headers).map(true)
                            : Future.succeededFuture(false));
        });
    }

    private Future<Void> send(RoutingContext context, CacheService.Opened opened, ByteRange range, Headers headers) {
        Download download = opened.download();
        if (download.startBytes() == 0) {
            found(opened.file());
        }
        HttpServerResponse response = head(context, opened.file(), headers);
        if (!range.equals(ByteRange.ALL)) {
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
        return Sink.send(context, download.bytes(), patience).compose(v -> renew(cache, opened.file()));
    }

    /** The client's end: takes the next chunk when its socket has taken the last one, and gives up one that takes nothing. */
    static final class Sink {
        private final HttpServerResponse response;
        private final Duration patience;

        /** Sends all that comes and ends the reply; the source is cancelled when that fails. */
        static Future<Void> send(RoutingContext context, ByteSource source, Duration patience) {
            HttpServerResponse response = context.response();
            context.addEndHandler(ended -> {
                if (ended.failed()) {
                    source.cancel();
                }
            });
            return Pump.run(source, new Sink(response, patience)::write)
                    .compose(v -> response.end())
                    .onFailure(cause -> source.cancel());
        }

        private Sink(HttpServerResponse response, Duration patience) {
            this.response = response;
            this.patience = patience;
        }

        /** Who reads slowly holds one chunk, however small the chunks are: a socket's watermark would let many of them wait. */
        private Future<Void> write(Buffer chunk) {
            Future<Void> written = response.write(chunk)
                    .onComplete(done -> Chunk.release(chunk))
                    .onFailure(AccessLog::replyFailed);
            return written.isComplete()
                    ? written
                    : written.timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                            .recover(cause -> Future.failedFuture(new Failure.ClientGone(cause)));
        }
    }
}
