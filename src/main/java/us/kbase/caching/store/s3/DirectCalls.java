package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.utils.BinaryUtils;
import software.amazon.awssdk.utils.Md5Utils;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Sighting;
import us.kbase.caching.store.StoreTime;

/**
 * The small calls that every job makes: signed by the SDK, sent and read without it, at a fraction of its cost (docs/adr/0007).
 * No call is retried here; failures are those of {@link S3Failures}. Event loop only.
 */
final class DirectCalls {

    /** The longest content that is hashed for its signature on the event loop. */
    static final int CONTENT_BYTES_MAX = 64 * 1024;

    private static final Pattern CODE = Pattern.compile("<Code>([0-9A-Za-z]{1,64})</Code>");
    private static final Buffer NOTHING = Buffer.buffer();

    private final Vertx vertx;
    private final HttpClient client;
    private final ObjectRequests requests;
    private final StoreTime time;

    DirectCalls(Vertx vertx, HttpClient client, ObjectRequests requests, StoreTime time) {
        this.vertx = vertx;
        this.client = client;
        this.requests = requests;
        this.time = time;
    }

    /** What an object is, with the store's time. */
    Future<Sighting> head(String key, Patience patience) {
        Instant before = time.instant();
        return answered(begin(SdkHttpMethod.HEAD, key, Map.of(), NOTHING, patience))
                .map(head -> new Sighting(
                        Answers.stored(key, head), StoreDate.of(head).orElse(before)));
    }

    /** An object's bytes under demand. */
    Future<Download> get(String key, ByteRange range, Optional<String> etag, Patience patience) {
        Map<String, String> headers = new HashMap<>();
        if (!range.equals(ByteRange.ALL)) {
            headers.put("Range", Answers.header(range));
        }
        etag.ifPresent(same -> headers.put("If-Match", same));
        return good(begin(SdkHttpMethod.GET, key, headers, NOTHING, patience))
                .map(response ->
                        Answers.download(key, response, new ResponseSource(response, Answers.lengthBytes(response))));
    }

    /** Puts a small content; the exchange can be given up. */
    DirectExchange put(
            String key, Buffer content, Map<String, String> metadata, Precondition condition, Patience patience) {
        Map<String, String> headers = new HashMap<>();
        metadata.forEach((name, value) -> headers.put(Answers.METADATA + name, value));
        headers.put("Content-Type", "application/octet-stream");
        headers.put("Content-Length", Integer.toString(content.length()));
        switch (condition) {
            case Precondition.Absent absent -> headers.put("If-None-Match", "*");
            case Precondition.Matches matches -> headers.put("If-Match", matches.etag());
        }
        return begin(SdkHttpMethod.PUT, key, headers, content, patience);
    }

    /** Removes an object; the exchange can be given up. */
    DirectExchange delete(String key, Patience patience) {
        return begin(SdkHttpMethod.DELETE, key, Map.of(), NOTHING, patience);
    }

    /** Gives an object one tag, in place of those that it had. */
    Future<HttpClientResponse> tag(String key, String name, String value, Patience patience) {
        Buffer tags = Buffer.buffer("<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>"
                + name + "</Key><Value>" + value + "</Value></Tag></TagSet></Tagging>");
        Map<String, String> headers = Map.of(
                "Content-MD5",
                        BinaryUtils.toBase64(Md5Utils.computeMD5Hash(tags.getBytes())), // S3 demands a checksum here
                "Content-Length", Integer.toString(tags.length()));
        return answered(DirectExchange.begin(
                vertx, client, requests.signed(SdkHttpMethod.PUT, key, "tagging", headers, tags), tags, patience));
    }

    /** The head of a good answer, whose body nobody needs. */
    Future<HttpClientResponse> answered(DirectExchange exchange) {
        return good(exchange).onSuccess(HttpClientResponse::resume);
    }

    private DirectExchange begin(
            SdkHttpMethod method, String key, Map<String, String> headers, Buffer content, Patience patience) {
        return DirectExchange.begin(vertx, client, requests.signed(method, key, headers, content), content, patience);
    }

    private Future<HttpClientResponse> good(DirectExchange exchange) {
        Instant sent = time.localNow();
        return exchange.answer()
                .onSuccess(response -> StoreDate.of(response).ifPresent(date -> time.learn(date, sent)))
                .compose(response -> response.statusCode() / 100 == 2
                        ? Future.succeededFuture(response)
                        : refusal(response).compose(Future::failedFuture))
                .recover(cause -> Future.failedFuture(S3Failures.named(cause)));
    }

    /** What an error says: S3's code stands in its body. */
    private static Future<Refused> refusal(HttpClientResponse response) {
        Future<Buffer> body = response.body();
        response.resume();
        return body.otherwise(NOTHING).map(text -> {
            Matcher code = CODE.matcher(text.toString());
            return new Refused(response.statusCode(), code.find() ? code.group(1) : "");
        });
    }
}
