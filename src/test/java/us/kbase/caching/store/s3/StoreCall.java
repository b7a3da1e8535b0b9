package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;

/** Everything that asks S3 for something, and the request whose answer decides how it ends. */
enum StoreCall {
    HEAD(S3Request.HEAD, store -> store.head(HonestS3.THERE)),
    GET(S3Request.GET, store -> store.get(HonestS3.THERE, HonestS3.SOME, Optional.empty())),
    GO_ON(S3Request.GET, store -> store.get(HonestS3.THERE, HonestS3.SOME, Optional.of(HonestS3.ETAG))),
    LOOK(S3Request.HEAD, store -> store.upkeep().look(HonestS3.THERE)),
    TAGS(S3Request.TAGS, store -> store.upkeep().lastUsed(HonestS3.THERE)),
    TAG(S3Request.TAG, store -> store.upkeep().used(HonestS3.THERE, 1)),
    STRIKE(S3Request.PUT, store -> removal(store).mark()),
    BLOW(S3Request.DELETE, store -> removal(store).remove()),
    DELETE(S3Request.DELETE, store -> store.delete(HonestS3.THERE)),
    LIST(S3Request.LIST, store -> store.list(HonestS3.AFTER, 2)),
    UPLOADS(S3Request.UPLOADS, store -> store.upkeep().openUploads(Optional.of(HonestS3.OPEN), 2)),
    PARTS(S3Request.PARTS, store -> store.upkeep().gotPartSince(Instant.EPOCH, HonestS3.OPEN)),
    ABORT(S3Request.ABORT, store -> store.upkeep().abort(HonestS3.OPEN)),
    PUT(S3Request.PUT, store -> put(store, 1)),
    CREATE(S3Request.CREATE, store -> put(store, StoreCall.LONG)),
    PART(S3Request.PART, store -> put(store, StoreCall.LONG)),
    COMPLETE(S3Request.COMPLETE, store -> put(store, StoreCall.LONG));

    /** More than is put by one call where the length is not known. */
    private static final int LONG = 65 * 1024;

    private final S3Request request;
    private final Function<ObjectStore, Future<?>> call;

    StoreCall(S3Request request, Function<ObjectStore, Future<?>> call) {
        this.request = request;
        this.call = call;
    }

    S3Request request() {
        return request;
    }

    Future<?> on(ObjectStore store) {
        return call.apply(store);
    }

    private static GuardedRemoval removal(ObjectStore store) {
        Stored seen = new Stored(HonestS3.THERE, HonestS3.ETAG, 10, Map.of("token_id", "me"));
        return store.upkeep().arm(new Observation(seen, Instant.now()), Map.of());
    }

    private static Future<String> put(ObjectStore store, int bytes) {
        Buffer content = Buffer.buffer("x".repeat(bytes));
        long bound = bytes == LONG ? Body.UNKNOWN : bytes;
        return store.put(
                HonestS3.NEW,
                new Body(ByteSource.of(content), bound),
                HonestS3.metadata(HonestS3.LATER),
                Guard.once(new Precondition.Absent()));
    }
}
