package us.kbase.caching.stress.s3;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.stress.load.CallFailed;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Payload;
import us.kbase.caching.stress.load.Tally;

/** The S3 calls that the transfers need, on one bucket. */
public final class S3Calls {

    private final Http http;
    private final Tally tally;
    private final Signature signature;
    private final String bucket;

    /** Calls on this bucket. */
    public S3Calls(Http http, Tally tally, Signature signature, String bucket) {
        this.http = http;
        this.tally = tally;
        this.signature = signature;
        this.bucket = bucket;
    }

    /** Makes the bucket. */
    public Future<Void> createBucket() {
        return send(HttpMethod.PUT, "/" + bucket, Map.of(), Payload.NONE, Optional.empty())
                .mapEmpty();
    }

    /** Writes an object in one piece; gives its ETag. */
    public Future<String> put(String key, Map<String, String> headers, Payload payload) {
        return send(HttpMethod.PUT, path(key), headers, payload, Optional.empty())
                .map(S3Calls::etag);
    }

    /** Asks for an object's metadata; gives its ETag. */
    public Future<String> head(String key) {
        return send(HttpMethod.HEAD, path(key), Map.of(), Payload.NONE, Optional.empty())
                .map(S3Calls::etag);
    }

    /** Reads an object and compares every byte with the file. */
    public Future<Void> get(String key, Content.File file) {
        return send(HttpMethod.GET, path(key), Map.of(), Payload.NONE, Optional.of(file))
                .mapEmpty();
    }

    /** Gives an object one tag, in place of those that it had. */
    public Future<Void> tag(String key, String name, String value) {
        Payload tags =
                Payload.of(Buffer.buffer("<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>"
                        + name + "</Key><Value>" + value + "</Value></Tag></TagSet></Tagging>"));
        return send(HttpMethod.PUT, path(key) + "?tagging", Map.of(), tags, Optional.empty())
                .mapEmpty();
    }

    /** Removes an object. */
    public Future<Void> delete(String key) {
        return send(HttpMethod.DELETE, path(key), Map.of(), Payload.NONE, Optional.empty())
                .mapEmpty();
    }

    private String path(String key) {
        return "/" + bucket + "/" + key;
    }

    private static String etag(Http.Reply reply) {
        return String.valueOf(reply.headers().get("ETag"));
    }

    private Future<Http.Reply> send(
            HttpMethod method, String path, Map<String, String> headers, Payload payload, Optional<Content.File> file) {
        Map<String, String> signed = signature.sign(method.name(), path, headers);
        return http.send(new Http.Call(method, path, signed, payload, file), tally::sent, tally::verified)
                .compose(reply -> reply.status() / 100 == 2
                        ? Future.succeededFuture(reply)
                        : Future.failedFuture(new CallFailed("S3 status " + reply.status())));
    }
}
