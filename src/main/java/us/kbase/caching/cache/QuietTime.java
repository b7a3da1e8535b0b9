package us.kbase.caching.cache;

import io.vertx.core.Future;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Stored;

/**
 * The seconds after an expired result was replaced in which nothing is published: a sweep's strikes at that result may still be
 * on their way, and would hit the same bytes published again.
 */
public final class QuietTime {

    private final Vertx vertx;
    private final InstantSource clock;

    /** Waits by the store's clock. */
    public QuietTime(Vertx vertx, InstantSource clock) {
        this.vertx = vertx;
        this.clock = clock;
    }

    /**
     * Completes when something may be published onto a placeholder: at once, unless it replaced an expired result just now.
     *
     * @param gone completes when the client has left: the wait then ends with {@code ClientGone}
     */
    public Future<Void> over(Stored placeholder, Future<?> gone) {
        long wholeSeconds = EntryMetadata.QUIET.toSeconds() + 1;
        long leftSeconds = EntryMetadata.replacedAt(placeholder).stream()
                .map(at -> at + wholeSeconds - clock.instant().getEpochSecond())
                .findFirst()
                .orElse(0);
        return leftSeconds <= 0 ? Future.succeededFuture() : waited(Math.min(leftSeconds, wholeSeconds) * 1000, gone);
    }

    private Future<Void> waited(long millis, Future<?> gone) {
        Timer timer = vertx.timer(millis);
        gone.onComplete(left -> timer.cancel());
        return timer.recover(cancelled -> Future.failedFuture(new Failure.ClientGone(null)));
    }
}
