package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.LostMetadata;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.client.CallTimeouts;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.store.s3.error.AnswerMismatch;
import us.kbase.caching.store.s3.error.Refusal;
import us.kbase.caching.store.s3.error.S3Errors;

/**
 * Asks whether a bucket can be used, and says why it cannot by {@link Refusal}. The answer to HEAD has no body and so no code: what HEAD
 * refuses is asked again as a listing of one key, which every sweep needs anyway. Event loop only.
 */
final class BucketCheck {

    private static final Logger log = LoggerFactory.getLogger(BucketCheck.class);
    private static final Duration TIME = Duration.ofSeconds(5);

    /** What S3 says of a bucket that is not there; to a HEAD it gives no code, and its 404 reads as the second. */
    private static final Set<String> MISSING = Set.of("NoSuchBucket", "NoSuchKey");

    private final S3Calls calls;
    private final S3Connection connection;
    private final StoreTime time;
    private boolean toldOfClocks;
    private boolean wasThere;

    BucketCheck(S3Calls calls, S3Connection connection, StoreTime time) {
        this.calls = calls;
        this.connection = connection;
        this.time = time;
    }

    /**
     * Asks for the bucket and makes it where it is missing, but not in place of one that was there: its results may come back with
     * it. Fails with {@link Failure.Upstream} where asking again may help, else with {@link IllegalStateException}; both say what to do.
     */
    Future<Void> prepare() {
        return exists().compose(this::prepared).onSuccess(v -> {
            wasThere = true;
            tellOfClocks();
        });
    }

    private Future<Void> prepared(boolean there) {
        if (there) {
            return Future.succeededFuture();
        }
        return wasThere ? gone() : create().recover(cause -> Future.failedFuture(explained(cause)));
    }

    private Future<Void> gone() {
        return Future.failedFuture(new Failure.Upstream(
                "The bucket " + connection.bucket() + " at " + connection.endpoint()
                        + ", which was there, is gone. Bring it back, or start the gateway anew to have an empty one made.",
                null));
    }

    private void tellOfClocks() {
        FoundBucket found = found(true, FoundBucket.Removed.NOT_TOLD);
        if (found.clocksDiffer() && !toldOfClocks) {
            log.warn(found.ofClocks());
        }
        toldOfClocks = found.clocksDiffer();
    }

    private FoundBucket found(boolean there, FoundBucket.Removed removed) {
        return new FoundBucket(there, time.error().negated(), removed);
    }

    /** Asks whether the bucket is there, and makes none. Fails as {@link #prepare}. */
    Future<Boolean> exists() {
        return isThere().recover(cause -> Future.failedFuture(explained(cause)));
    }

    /** Asks for the bucket and the permissions that can be tried without changing anything. */
    Future<FoundBucket> look() {
        return isThere()
                .compose(there -> there
                        ? permissions()
                                .compose(this::metadata)
                                .compose(v -> removed())
                                .map(removed -> found(true, removed))
                        : Future.succeededFuture(found(false, FoundBucket.Removed.NOT_TOLD)))
                .recover(cause -> Future.failedFuture(explained(cause)));
    }

    private Future<Boolean> isThere() {
        return calls.inTurn(
                        CallTimeouts.toLook(TIME),
                        () -> calls.within(TIME, calls.client().headBucket(head -> head.bucket(calls.bucket()))))
                .map(true)
                .recover(cause -> {
                    if (MISSING.contains(S3Errors.code(cause))) {
                        return Future.succeededFuture(false);
                    }
                    return isRefusal(cause) ? list().map(true).recover(this::absent) : Future.failedFuture(cause);
                });
    }

    /** A listing says why by S3's own code. */
    private Future<Boolean> absent(Throwable cause) {
        return MISSING.contains(S3Errors.code(cause)) ? Future.succeededFuture(false) : Future.failedFuture(cause);
    }

    private static boolean isRefusal(Throwable cause) {
        int status = S3Errors.status(cause);
        return status >= 300 && status < 500;
    }

    private Future<ListObjectsV2Response> list() {
        return calls.list("", 1);
    }

    private Future<ListObjectsV2Response> permissions() {
        return list().compose(first -> calls.inTurn(
                        CallTimeouts.toLook(TIME),
                        () -> S3Calls.future(calls.client()
                                .listMultipartUploads(uploads ->
                                        uploads.bucket(calls.bucket()).maxUploads(1))))
                .map(first));
    }

    /** Whether an object of ours still has its metadata. Any other trouble with one object is none of the bucket's. */
    private Future<Void> metadata(ListObjectsV2Response first) {
        Future<?> seen = first.contents().isEmpty()
                ? Future.succeededFuture()
                : calls.look(first.contents().getFirst().key());
        return seen.transform(done -> done.failed() && LostMetadata.isBelow(done.cause())
                ? Future.failedFuture(done.cause())
                : Future.succeededFuture());
    }

    /** Nothing else needs the permission that this does, so that a refusal is no fault. */
    private Future<FoundBucket.Removed> removed() {
        return calls.inTurn(
                        CallTimeouts.toLook(TIME),
                        () -> S3Calls.future(
                                calls.client().getBucketVersioning(versioning -> versioning.bucket(calls.bucket()))))
                .map(answer -> answer.status() == BucketVersioningStatus.ENABLED
                        ? FoundBucket.Removed.STAYS_AS_A_VERSION
                        : FoundBucket.Removed.GOES)
                .otherwise(FoundBucket.Removed.NOT_TOLD);
    }

    /** Of two gateways that make the bucket at once one is told that it is there. */
    private Future<Void> create() {
        return S3Calls.future(calls.client().createBucket(create -> create.bucket(calls.bucket())))
                .recover(cause -> switch (S3Errors.status(cause)) {
                    case 409 -> isThere().mapEmpty();
                    case 403 -> Future.failedFuture(of(Refusal.NOT_MADE, cause));
                    default -> Future.failedFuture(cause);
                })
                .mapEmpty();
    }

    private Throwable explained(Throwable cause) {
        int status = S3Errors.status(cause);
        if (cause instanceof IllegalStateException || cause instanceof Failure.Busy || LostMetadata.isBelow(cause)) {
            return cause;
        }
        if (cause.getCause() instanceof AnswerMismatch mismatch) {
            return new Failure.Upstream(
                    "What answers at " + connection.endpoint() + " is no S3 server that can be used: its answer has "
                            + mismatch.getMessage() + ". Check store.s3.endpoint (MINIO_HOST).",
                    null);
        }
        if (status == 0) {
            String why = Reason.why(cause);
            return new Failure.Upstream(
                    "The S3 server at " + connection.endpoint() + " cannot be reached: " + why
                            + ". Check store.s3.endpoint (MINIO_HOST).",
                    null);
        }
        return of(Refusal.of(status, S3Errors.code(cause)), cause);
    }

    private Throwable of(Refusal refusal, Throwable cause) {
        String answer = (S3Errors.status(cause) + " " + S3Errors.code(cause)).strip();
        String sentence = refusal.sentence(
                connection.endpoint().toString(),
                answer + "; bucket " + connection.bucket() + ", key " + connection.accessKey() + ", region "
                        + connection.region());
        return refusal.outcome() == Refusal.Outcome.FINAL
                ? new IllegalStateException(sentence)
                : new Failure.Upstream(sentence, null);
    }
}
