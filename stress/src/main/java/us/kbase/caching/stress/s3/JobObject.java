package us.kbase.caching.stress.s3;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Payload;
import us.kbase.caching.stress.load.Transfer;

/**
 * The S3 calls that a job needs under the gateway's contract, made by hand: a conditional PUT of the placeholder; HEAD and a
 * conditional PUT of the file; GET, and PUT of the tag that notes the use; HEAD and DELETE. Seven in all, with the same
 * conditions, metadata and sizes.
 */
public final class JobObject implements Transfer {

    private static final Map<String, String> METADATA = Map.of(
            "x-amz-meta-expiration", "1790000000",
            "x-amz-meta-filename", "result.bin",
            "x-amz-meta-token_id", "static:stress",
            "x-amz-meta-write-nonce", "00000000-0000-0000-0000-000000000000");

    private final S3Calls calls;
    private final String key;
    private final Content.File file;

    /** An object under this key. */
    public JobObject(S3Calls calls, String key, Content.File file) {
        this.calls = calls;
        this.key = key;
        this.file = file;
    }

    @Override
    public Future<Void> reserve() {
        Buffer nonce = Buffer.buffer("{\"nonce\":\"" + UUID.randomUUID() + "\"}");
        return calls.put(key, with("If-None-Match", "*"), Payload.of(nonce)).mapEmpty();
    }

    @Override
    public Future<Void> upload() {
        return calls.head(key)
                .compose(etag -> calls.put(key, with("If-Match", etag), Payload.raw(file)))
                .mapEmpty();
    }

    @Override
    public Future<Void> download() {
        return calls.get(key, file).onSuccess(v -> noteUse());
    }

    /** Beside what the job does next, which may be to remove the object: nobody waits for it. */
    private void noteUse() {
        String day = Long.toString(LocalDate.now(ZoneOffset.UTC).toEpochDay());
        calls.tag(key, "last-used", day).onFailure(removed -> {});
    }

    @Override
    public Future<Void> delete() {
        return calls.head(key).compose(etag -> calls.delete(key));
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new java.util.HashMap<>(METADATA);
        headers.put(name, value);
        return headers;
    }
}
