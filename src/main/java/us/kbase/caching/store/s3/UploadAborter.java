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
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
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

    /** A client waits no longer than this for an abort that its failed upload began. */
    private static final long HEARD_MILLIS = 2_000;

    private static final int REMEMBERED_MAX = 1_000;
    private static final int LISTED_MAX = 100;
    private static final int IN_FLIGHT = 4;
    private static final int LOOKS_MAX = 16;

    /**
     * How long things may take.
     *
     * @param grace after which an open upload counts as abandoned
     * @param again after which an abort that failed is tried again
     */
    record RetryTimes(Duration grace, Duration again) {}

    private record Left(String key, String upload) {}

    private final Vertx vertx;
    private final S3Calls calls;
    private final InstantSource time;
    private final RetryTimes times;
    private final Deque<Left> left = new ArrayDeque<>();
    private boolean trying;
    private int looking;

    UploadAborter(Vertx vertx, S3Calls calls, InstantSource time, RetryTimes times) {
        this.vertx = vertx;
        this.calls = calls;
        this.time = time;
        this.times = times;
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
                    remember(one);
                    return null;
                });
    }

    private void remember(Left one) {
        if (left.size() < REMEMBERED_MAX) {
            left.add(one);
            tryLater();
        }
    }

    private void tryLater() {
        if (!trying && !left.isEmpty()) {
            trying = true;
            vertx.setTimer(times.again().toMillis(), t -> again());
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
