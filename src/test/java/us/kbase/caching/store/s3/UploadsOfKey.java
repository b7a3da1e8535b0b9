package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.Stores;

/** Looks up the open multipart uploads of exact keys: MinIO lists them under no shorter prefix. */
public final class UploadsOfKey {

    private final Loop loop;
    private final S3Calls calls;

    public UploadsOfKey(Vertx vertx, S3Connection bucket) {
        this.loop = new Loop(vertx);
        this.calls = loop.call(() -> Future.succeededFuture(Stores.calls(vertx, bucket)));
    }

    /** The ids of the uploads that are open. */
    public List<String> of(String key) {
        return loop
                .call(() -> S3Calls.future(calls.client()
                        .listMultipartUploads(
                                list -> list.bucket(calls.bucket()).prefix(key))))
                .uploads()
                .stream()
                .filter(upload -> upload.key().equals(key))
                .map(MultipartUpload::uploadId)
                .toList();
    }

    /** Begins an upload and leaves it. */
    public String leaveOne(String key) {
        return loop.call(() -> S3Calls.future(calls.client()
                        .createMultipartUpload(
                                create -> create.bucket(calls.bucket()).key(key))))
                .uploadId();
    }
}
