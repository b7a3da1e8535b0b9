package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.http.SdkHttpMethod;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.s3.client.ObjectCalls;
import us.kbase.caching.store.s3.client.Presigner;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.SignedExchange;

/**
 * A presigned conditional PUT and a presigned DELETE. The DELETE needs no condition, which not every server keeps: it is sent
 * only behind a marker that everybody leaves alone until its signature is over.
 */
final class S3Removal implements GuardedRemoval {

    /** 412: the condition; 409: AWS, under concurrency; 404: gone. */
    private static final Set<Integer> NOT_DONE = Set.of(404, 409, 412);

    private final S3Calls calls;
    private final RequestOptions put;
    private final RequestOptions delete;
    private final Buffer content;

    S3Removal(S3Calls calls, Presigner presigner, Observation seen, Map<String, String> marker) {
        this.calls = calls;
        this.content =
                new JsonObject().put("nonce", UUID.randomUUID().toString()).toBuffer();
        String key = seen.stored().key();
        Map<String, String> headers = new LinkedHashMap<>();
        marker.forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        headers.put("If-Match", seen.stored().etag());
        headers.put("Content-Type", "application/octet-stream");
        headers.put("Content-Length", Integer.toString(content.length()));
        this.put = presigner.sign(SdkHttpMethod.PUT, key, headers, seen.at(), S3Upkeep.STRIKE_WINDOW);
        this.delete = presigner.sign(SdkHttpMethod.DELETE, key, Map.of(), seen.at(), S3Upkeep.STRIKE_WINDOW);
    }

    @Override
    public Future<Boolean> mark() {
        return send(put, content);
    }

    @Override
    public Future<Boolean> remove() {
        return send(delete, Buffer.buffer());
    }

    private Future<Boolean> send(RequestOptions options, Buffer body) {
        SignedExchange exchange = calls.send(options, body, S3Upkeep.STRIKE_WINDOW);
        return exchange.answer()
                .compose(response -> exchange.text(response, ObjectCalls.ERROR_BYTES_MAX)
                        .map(answer -> landed(response.statusCode(), answer.toString())))
                .recover(cause -> Future.failedFuture(
                        cause instanceof Failure
                                ? cause
                                : new Failure.Upstream("The object store did not answer a strike", cause)));
    }

    private static boolean landed(int status, String answer) {
        if (status / 100 == 2) {
            return true;
        }
        if (NOT_DONE.contains(status) || status == 403 && cameTooLate(answer)) {
            return false;
        }
        throw new Failure.Upstream(
                "The object store answered " + status + " to a strike", new IllegalStateException(answer));
    }

    /** S3 and MinIO say "Request has expired"; versitygw says it with the code of its own, {@code ExpiredPresignRequest}. */
    private static boolean cameTooLate(String answer) {
        return answer.contains("Request has expired") || answer.contains("ExpiredPresignRequest");
    }
}
