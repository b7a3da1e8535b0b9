package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import us.kbase.caching.pace.Backoff;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.pace.ForEachConcurrently;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.error.S3Errors;

/**
 * Ends multipart uploads that nobody will finish. What could not be aborted is remembered, up to a bound, and tried again while
 * this process lives; an upload of an id also ends older ones of that id, since MinIO lists uploads only under their exact key
 * (docs/adr/0013). Event loop of its store.
 */
final class UploadAborter {

    private static final Logger log = LoggerFactory.getLogger(UploadAborter.class);

    /** A client waits no longer than this for an abort that its failed upload began. */
    private static final long HEARD_MILLIS = 2_000;

    private static final Duration AGAIN_MAX = Duration.ofMinutes(5);
    private static final int REMEMBERED_MAX = 1_000;
    private static final int LISTED_MAX = 100;
    private static final int IN_FLIGHT = 4;
    private static final int LOOKS_MAX = 16;

    /**
     * How long things may take.
     *
     * @param grace after which an open upload counts as abandoned
     * @param again within which an abort that failed is tried again; the times after that within up to five minutes
     */
    record RetryTimes(Duration grace, Duration again) {}

    private record Left(String key, String upload) {}

    private final Vertx vertx;
    private final S3Calls calls;
    private final InstantSource time;
    private final RetryTimes times;
    private final Deque<Left> left = new ArrayDeque<>();
    private final Backoff pauses;
    private boolean trying;
    private boolean refusalSaid;
    private int looking;

    UploadAborter(Vertx vertx, S3Calls calls, InstantSource time, RetryTimes times) {
        this.vertx = vertx;
        this.calls = calls;
        this.time = time;
        this.times = times;
        this.pauses = new Backoff(times.again(), AGAIN_MAX);
    }

    /**
     * Aborts an upload once no part of it is on its way any more, since a part that lands after the abort would stay. Done when
     * the store has answered, and after two seconds anyway; the rest goes on behind the reply. Never fails.
     *
     * @param settled no part is on its way
     */
    Future<Void> abort(Future<?> settled, String key, String upload) {
        Promise<Void> heard = CallersContext.promise();
        long timer = vertx.setTimer(HEARD_MILLIS, t -> heard.tryComplete());
        settled.transform(ended -> tried(new Left(key, upload))).onComplete(done -> {
            vertx.cancelTimer(timer);
            heard.tryComplete();
        });
        return heard.future();
    }

    private Future<Void> tried(Left one) {
        return calls.ifThere(calls.abort(one.key(), one.upload()))
                .<Void>mapEmpty()
                .onFailure(S3Errors::logCleanup)
                .otherwise(cause -> {
                    sayRefused(one, cause);
                    remember(one);
                    return null;
                });
    }

    /** Once, until all is aborted: the right to abort may be given later. */
    private void sayRefused(Left one, Throwable cause) {
        if (!refusalSaid && S3Errors.refuses(cause)) {
            refusalSaid = true;
            log.warn(
                    "The object store does not abort an upload of {}, and keeps its parts: {}; it is asked again",
                    one.key(),
                    cause.getMessage());
        }
    }

    private void remember(Left one) {
        if (left.size() < REMEMBERED_MAX) {
            left.add(one);
            tryLater();
        }
    }

    private void tryLater() {
        if (left.isEmpty()) {
            pauses.reset();
            refusalSaid = false;
        } else if (!trying) {
            trying = true;
            vertx.setTimer(pauses.nextMillis(), t -> again());
        }
    }

    private void again() {
        List<Left> now = List.copyOf(left);
        left.clear();
        ForEachConcurrently.each(now, IN_FLIGHT, this::tried).onComplete(done -> {
            trying = false;
            tryLater();
        });
    }

    /** Aborts uploads of a key that were begun more than the grace ago and got no part since, but for this one; in nobody's way. */
    void endOlder(String key, String own) {
        if (looking == LOOKS_MAX) {
            return; // in a crowd, the next upload of that id looks
        }
        looking++;
        Instant cutoff = time.instant().minus(times.grace());
        calls.openUploadsOf(key, LISTED_MAX)
                .map(listed -> old(key, listed, cutoff))
                .compose(old -> ForEachConcurrently.each(
                        old,
                        IN_FLIGHT,
                        upload -> upload.id().equals(own) ? Future.succeededFuture() : endUnlessAlive(upload, cutoff)))
                .onComplete(done -> looking--)
                .onFailure(S3Errors::logCleanup);
    }

    private Future<Void> endUnlessAlive(OpenUpload upload, Instant cutoff) {
        return LastPart.cameSince(cutoff, upload, calls)
                .compose(alive -> alive ? Future.succeededFuture() : tried(new Left(upload.key(), upload.id())));
    }

    private static List<OpenUpload> old(String key, ListMultipartUploadsResponse listed, Instant cutoff) {
        return Listings.uploads(listed).stream()
                .filter(upload -> upload.key().equals(key) && upload.begun().isBefore(cutoff))
                .toList();
    }
}
