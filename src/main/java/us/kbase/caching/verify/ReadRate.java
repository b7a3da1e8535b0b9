package us.kbase.caching.verify;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Holds a reader to a number of bytes a second, as seen over a second: what was not used by then is not made up for. One event loop. */
final class ReadRate {

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Vertx vertx;
    private final LongSupplier nanoTime;
    private final double nanosPerByte;
    private long dueNanos;

    /** A reader that begins now. */
    ReadRate(Vertx vertx, LongSupplier nanoTime, long bytesPerSecond) {
        this.vertx = vertx;
        this.nanoTime = nanoTime;
        this.nanosPerByte = (double) SECOND_NANOS / bytesPerSecond;
        this.dueNanos = nanoTime.getAsLong();
    }

    /** Done when the next bytes may be read, after these were. */
    Future<Void> passed(int bytes) {
        long now = nanoTime.getAsLong();
        dueNanos = Math.max(dueNanos, now - SECOND_NANOS) + (long) (bytes * nanosPerByte);
        long aheadMillis = (dueNanos - now) / NANOS_PER_MILLI;
        return aheadMillis < 1
                ? Future.succeededFuture()
                : vertx.timer(aheadMillis).mapEmpty();
    }
}
