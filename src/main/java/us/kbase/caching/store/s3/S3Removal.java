package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.http.SdkHttpMethod;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.s3.client.Presigner;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.write.WriteLife;

/**
 * A presigned conditional PUT and a presigned DELETE. The DELETE needs no condition, which not every server keeps: it is sent
 * only behind a marker that everybody leaves alone until its signature is over.
 */
final class S3Removal implements GuardedRemoval {

    /** Others were at it too (AWS); gone; too late. */
    private static final Set<String> NOT_DONE = Set.of("ConditionalRequestConflict", "NoSuchKey", S3Errors.EXPIRED);

    private final S3Calls calls;
    private final RequestOptions put;
    private final RequestOptions delete;
    private final Buffer content;
    private final Vertx vertx;
    private final WriteLife life;

    S3Removal(Vertx vertx, S3Calls calls, Presigner presigner, Observation seen, Map<String, String> marker) {
        this.vertx = vertx;
        this.calls = calls;
        this.life = calls.newWrite();
        life.begin(seen.at());
        this.content =
                new JsonObject().put("nonce", UUID.randomUUID().toString()).toBuffer();
        String key = seen.stored().key();
        Map<String, String> headers = new LinkedHashMap<>();
        marker.forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        headers.put("If-Match", seen.stored().etag());
        headers.put("Content-Type", "application/octet-stream");
        headers.put("Content-Length", Integer.toString(content.length()));
        this.put = presigner.sign(SdkHttpMethod.PUT, key, headers, seen.at(), WriteLife.GOOD_FOR);
        this.delete = presigner.sign(SdkHttpMethod.DELETE, key, Map.of(), seen.at(), WriteLife.GOOD_FOR);
    }

    @Override
    public Future<Boolean> mark() {
        return landed(calls.putSigned(put, content, WriteLife.GOOD_FOR));
    }

    @Override
    public Future<Boolean> remove() {
        return landed(calls.deleteSigned(delete, WriteLife.GOOD_FOR));
    }

    @Override
    public Future<Void> over() {
        return life.over(vertx);
    }

    private static Future<Boolean> landed(Future<?> strike) {
        return strike.map(true)
                .recover(cause -> cause instanceof Conflict || NOT_DONE.contains(S3Errors.code(cause))
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(cause));
    }
}
