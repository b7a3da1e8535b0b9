package us.kbase.caching.store.s3.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.utils.BinaryUtils;
import software.amazon.awssdk.utils.Md5Utils;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.error.AnswerMismatch;
import us.kbase.caching.store.s3.error.ErrorText;
import us.kbase.caching.store.s3.error.Refused;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.multipart.CompletedUpload;
import us.kbase.caching.store.s3.write.WriteAttempt;
import us.kbase.caching.store.s3.write.WriteLife;
import us.kbase.caching.trace.CurrentRequest;

/**
 * The calls that every job makes, and all that carry a file's bytes: signed by the SDK, sent and read without it, at a fraction of its
 * cost (docs/adr/0002). No call is retried here; failures are those of {@link S3Errors}. Event loop only.
 */
public final class ObjectCalls {

    /** The longest content that is hashed for its signature on the event loop. */
    public static final int CONTENT_BYTES_MAX = 64 * 1024;

    /** An error's code stands at its beginning. */
    public static final int ERROR_BYTES_MAX = 4 * 1024;

    /** How long the text of an answer may take to end. */
    public static final long TEXT_MILLIS = 10_000;

    /** S3 sends blanks while it puts many parts together. */
    private static final long COMPLETE_MILLIS = 120_000;

    private static final Buffer NOTHING = Buffer.buffer();

    private final SignedExchange.Road calls;
    private final SignedExchange.Road transfers;
    private final ObjectRequests requests;
    private final StoreTime time;

    ObjectCalls(SignedExchange.Road calls, SignedExchange.Road transfers, ObjectRequests requests, StoreTime time) {
        this.calls = calls;
        this.transfers = transfers;
        this.requests = requests;
        this.time = time;
    }

    /** What an object is, with the store's time. */
    public Future<Observation> head(String key, CallTimeouts timeouts) {
        Instant before = time.instant();
        return answered(begin(SdkHttpMethod.HEAD, key, S3Headers.WITH_CHECKSUM, NOTHING, timeouts))
                .map(head -> new Observation(
                        S3Headers.stored(key, head), StoreDate.of(head).orElse(before)))
                .recover(ObjectCalls::named);
    }

    /** An object's bytes under demand. When the client has left before the request's turn, the server is not asked. */
    public Future<Download> get(String key, ByteRange range, Optional<String> etag, CallTimeouts timeouts) {
        Map<String, String> headers = new HashMap<>(S3Headers.WITH_CHECKSUM);
        if (!range.equals(ByteRange.ALL)) {
            headers.put("Range", S3Headers.header(range));
        }
        etag.ifPresent(same -> headers.put("If-Match", same));
        SignedExchange exchange = SignedExchange.begin(
                transfers,
                () -> {
                    if (CurrentRequest.hasLeft()) {
                        throw new Failure.ClientGone(null);
                    }
                    return requests.signed(SdkHttpMethod.GET, key, headers, NOTHING);
                },
                new SignedExchange.Content.Held(NOTHING),
                timeouts);
        return good(exchange)
                .map(response -> download(exchange, response, S3Headers.extent(key, range, response), etag))
                .recover(ObjectCalls::named)
                .onFailure(exchange::giveUp);
    }

    private static Download download(
            SignedExchange exchange, HttpClientResponse response, S3Headers.Extent extent, Optional<String> asked) {
        boolean same = asked.isEmpty() || asked.get().equals(extent.stored().etag());
        S3Headers.agree(same, "another ETag than the one asked for");
        return new Download(
                extent.stored(),
                extent.startBytes(),
                extent.lengthBytes(),
                exchange.file(response, extent.lengthBytes()));
    }

    /** What was found out behind the answer's head; all else has its name. */
    static <T> Future<T> named(Throwable cause) {
        boolean found = cause instanceof AnswerMismatch || cause instanceof Refused;
        return Future.failedFuture(found ? S3Errors.named(cause) : cause);
    }

    /** Puts a content of that checksum, of which what is in one buffer is short; the exchange can be given up. */
    public SignedExchange put(
            String key, SignedExchange.Content content, Digest checksum, WriteAttempt write, CallTimeouts timeouts) {
        Map<String, String> headers = putHeaders(content.lengthBytes(), write);
        headers.put(checksum.algorithm().s3Header(), checksum.base64());
        return SignedExchange.begin(
                content instanceof SignedExchange.Content.Held ? calls : transfers,
                () -> requests.shortLived(SdkHttpMethod.PUT, key, Map.of(), headers, write.life()),
                content,
                timeouts);
    }

    private static Map<String, String> putHeaders(long lengthBytes, WriteAttempt write) {
        Map<String, String> headers = new HashMap<>();
        write.metadata().forEach((name, value) -> headers.put(S3Headers.METADATA + name, value));
        headers.put("Content-Type", "application/octet-stream");
        headers.put("Content-Length", Long.toString(lengthBytes));
        headers.putAll(conditional(write.condition()));
        return headers;
    }

    private static Map<String, String> conditional(Precondition condition) {
        return switch (condition) {
            case Precondition.Absent absent -> Map.of("If-None-Match", "*");
            case Precondition.Matches matches -> Map.of("If-Match", matches.etag());
        };
    }

    /** The parts of an upload, as XML, and the checksum that they have together, where the server keeps one. */
    public record Whole(String upload, Buffer parts, Optional<Digest> checksum) {}

    /** Makes an object of the parts of a multipart upload; the exchange can be given up. */
    public SignedExchange complete(
            String key, Whole whole, Precondition condition, WriteLife life, CallTimeouts timeouts) {
        Buffer parts = whole.parts();
        Map<String, String> headers = new HashMap<>(conditional(condition));
        whole.checksum().ifPresent(digest -> {
            headers.put(digest.algorithm().s3Header(), digest.base64());
            headers.put("x-amz-checksum-type", "FULL_OBJECT");
        });
        headers.put("Content-Type", "application/xml");
        headers.put("Content-Length", Integer.toString(parts.length()));
        return SignedExchange.begin(
                calls,
                () -> requests.shortLived(SdkHttpMethod.POST, key, Map.of("uploadId", whole.upload()), headers, life),
                new SignedExchange.Content.Held(parts),
                timeouts);
    }

    /** The ETag of an upload that was completed. S3 answers 200 before it knows, and says in the body how it went. */
    public Future<String> completed(SignedExchange exchange, String key, Optional<Digest> checksum) {
        return good(exchange)
                .compose(response -> exchange.text(response, ERROR_BYTES_MAX, COMPLETE_MILLIS)
                        .map(text -> completed(response, text, key, checksum)))
                .recover(ObjectCalls::named);
    }

    private static String completed(HttpClientResponse response, Buffer text, String key, Optional<Digest> checksum) {
        String code = ErrorText.code(text);
        if (!code.isEmpty()) {
            throw new Refused(500, code);
        }
        S3Headers.status(response, 200);
        CompletedUpload completed = CompletedUpload.read(text.toString());
        S3Headers.agree(completed.isOf(key), "another key than that of the upload");
        checksum.ifPresent(sent -> S3Headers.received(completed.checksum(sent), sent, completed.etag()));
        return S3Headers.strong(completed.etag());
    }

    /** Sends a part of a multipart upload as its bytes come; gives the good answer. */
    Future<HttpClientResponse> part(
            String key,
            Map<String, String> query,
            Map<String, String> headers,
            SignedExchange.Content.Streamed body,
            CallTimeouts timeouts) {
        return answered(SignedExchange.begin(
                transfers, () -> requests.unhashed(SdkHttpMethod.PUT, key, query, headers), body, timeouts));
    }

    /** The ETag of a put that went well, of a content with that checksum if one went along. */
    public Future<String> written(SignedExchange put, Optional<Digest> checksum) {
        return answered(put)
                .map(answer -> {
                    checksum.ifPresent(sent -> S3Headers.published(answer, sent));
                    return S3Headers.written(answer);
                })
                .recover(ObjectCalls::named);
    }

    /** Removes an object; the exchange can be given up. */
    public SignedExchange delete(String key, WriteLife life, CallTimeouts timeouts) {
        return SignedExchange.begin(
                calls,
                () -> requests.shortLived(SdkHttpMethod.DELETE, key, Map.of(), Map.of(), life),
                new SignedExchange.Content.Held(NOTHING),
                timeouts);
    }

    /** Done when S3 said that an object is gone. */
    public Future<Void> deleted(SignedExchange delete) {
        return answered(delete).map(S3Headers::done).recover(ObjectCalls::named).mapEmpty();
    }

    /** Gives an object one tag, in place of those that it had. */
    public Future<HttpClientResponse> tag(String key, String name, String value, CallTimeouts timeouts) {
        Buffer tags = Buffer.buffer("<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>"
                + name + "</Key><Value>" + value + "</Value></Tag></TagSet></Tagging>");
        Map<String, String> headers = Map.of(
                "Content-MD5",
                        BinaryUtils.toBase64(Md5Utils.computeMD5Hash(tags.getBytes())), // S3 demands a checksum here
                "Content-Length", Integer.toString(tags.length()));
        return answered(SignedExchange.begin(
                        calls,
                        () -> requests.signed(SdkHttpMethod.PUT, key, Map.of("tagging", ""), headers, tags),
                        new SignedExchange.Content.Held(tags),
                        timeouts))
                .map(S3Headers::done)
                .recover(ObjectCalls::named);
    }

    /** Ends a multipart upload and removes its parts. */
    public Future<HttpClientResponse> abort(String key, String upload, CallTimeouts timeouts) {
        return answered(SignedExchange.begin(
                        calls,
                        () -> requests.signed(SdkHttpMethod.DELETE, key, Map.of("uploadId", upload), Map.of(), NOTHING),
                        new SignedExchange.Content.Held(NOTHING),
                        timeouts))
                .map(S3Headers::done)
                .recover(ObjectCalls::named);
    }

    /** Sends a request that was signed before. */
    public SignedExchange send(RequestOptions signed, Buffer content, CallTimeouts timeouts) {
        return SignedExchange.begin(calls, () -> signed, new SignedExchange.Content.Held(content), timeouts);
    }

    private SignedExchange begin(
            SdkHttpMethod method, String key, Map<String, String> headers, Buffer content, CallTimeouts timeouts) {
        return SignedExchange.begin(
                calls,
                () -> requests.signed(method, key, headers, content),
                new SignedExchange.Content.Held(content),
                timeouts);
    }

    /** The head of a good answer, whose body nobody needs: done when that was read too. */
    public Future<HttpClientResponse> answered(SignedExchange exchange) {
        return good(exchange)
                .compose(response ->
                        exchange.text(response, ERROR_BYTES_MAX, TEXT_MILLIS).map(response));
    }

    private Future<HttpClientResponse> good(SignedExchange exchange) {
        Instant sent = time.localNow();
        return exchange.answer()
                .onSuccess(response -> StoreDate.of(response).ifPresent(date -> time.learn(date, sent)))
                .compose(response -> response.statusCode() / 100 == 2
                        ? Future.succeededFuture(response)
                        : exchange.text(response, ERROR_BYTES_MAX, TEXT_MILLIS)
                                .compose(text -> Future.failedFuture(refused(response, text))))
                .recover(cause -> Future.failedFuture(exchange.bodyFailure().orElseGet(() -> S3Errors.named(cause))));
    }

    private static Refused refused(HttpClientResponse response, Buffer text) {
        boolean bare = text.length() == 0 && response.getHeader(S3Headers.REQUEST_ID) != null;
        int status = response.statusCode();
        return new Refused(status, bare ? ErrorText.codeOf(status) : ErrorText.code(text));
    }
}
