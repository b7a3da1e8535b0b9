package us.kbase.caching.store.s3.write;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Until when the store takes a write: each try of it is presigned for ten seconds of the store's own time, and comes in vain when it
 * comes later. Whoever does not know what became of a write learns it once that is over, and tells nobody before (docs/adr/0044).
 * Event loop only.
 */
public final class WriteLife {

    /** How long a try is good. */
    public static final Duration GOOD_FOR = Duration.ofSeconds(10);

    /** For a date that is rounded to a second, and for the clocks of several store nodes. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    /** From the last try on, until it can land no more. */
    public static final Duration LANDS_WITHIN = GOOD_FOR.plus(SLACK);

    /** What is known of the store's time may change meanwhile. */
    private static final long STEP_MILLIS = 500;

    /**
     * The longest wait, whatever the store's clock does. Where it is set back, a try of before is good again for as long; but the
     * connection that carried it is closed since long, and a wait must end (docs/adr/0010).
     */
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);

    private final InstantSource time;
    private final InstantSource earliest;
    private Instant over = Instant.EPOCH;

    /**
     * Of a write that was not tried yet.
     *
     * @param time the store's, as well as it is known: the date of each try
     * @param earliest what the store's clock shows at least: by this one a life is over
     */
    public WriteLife(InstantSource time, InstantSource earliest) {
        this.time = time;
        this.earliest = earliest;
    }

    /** Begins a try; gives its date. */
    public Instant begin() {
        Instant now = time.instant();
        begin(now);
        return now;
    }

    /** Begins a try of that date. */
    public void begin(Instant dated) {
        Instant landed = dated.plus(LANDS_WITHIN);
        over = landed.isAfter(over) ? landed : over; // the store's time may have gone back since an earlier try
    }

    /**
     * Done when the store would refuse the last try, and after two minutes in any case; at once when that is so already, and when there
     * was none.
     */
    public Future<Void> over(Vertx vertx) {
        return over(vertx, WAIT_MAX.toMillis());
    }

    private Future<Void> over(Vertx vertx, long waitMaxMillis) {
        long leftMillis = Duration.between(earliest.instant(), over).toMillis();
        if (leftMillis < 0 || waitMaxMillis <= 0) {
            return Future.succeededFuture();
        }
        long step = Math.min(leftMillis + 1, STEP_MILLIS);
        return vertx.timer(step).compose(v -> over(vertx, waitMaxMillis - step));
    }
}
