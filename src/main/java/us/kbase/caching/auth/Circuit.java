package us.kbase.caching.auth;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.failure.Reason;

/**
 * Whether the auth server is worth asking. After a few questions in a row that it did not answer at all, it is asked one at a time,
 * less and less often, until it answers; the moments are random, so that gateways do not come together. Bad answers change nothing:
 * who makes one up by a token of its own must not shut out others. Each change is logged once. Any thread.
 */
final class Circuit {

    private static final int UNANSWERED_MAX = 3;
    private static final Duration PAUSE_MIN = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
    private static final long FAULT_LOGGED_EVERY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Logger log = LoggerFactory.getLogger(Circuit.class);

    private final LongSupplier nanoTime;
    private final DoubleSupplier random;
    private int unansweredInARow;
    private long pauseNanos = PAUSE_MIN.toNanos();
    private boolean open;
    private boolean probing;
    private long nextProbeNanos;
    private long refused;
    private long faults;
    private long faultLoggedNanos;

    /**
     * Closed at first.
     *
     * @param random from 0 to below 1
     */
    Circuit(LongSupplier nanoTime, DoubleSupplier random) {
        this.nanoTime = nanoTime;
        this.random = random;
        this.faultLoggedNanos = nanoTime.getAsLong() - FAULT_LOGGED_EVERY_NANOS;
    }

    /** Whether a question may be asked. */
    enum Leave {
        /** As usual. */
        USUAL,
        /** As the one by which it is seen whether the server answers again. */
        PROBE,
        /** No. */
        NONE
    }

    /** Whether a question may be asked now; who may says by {@link #ended} or {@link #notAsked} what became of it. */
    synchronized Leave ask() {
        if (!open) {
            return Leave.USUAL;
        }
        if (probing || nanoTime.getAsLong() - nextProbeNanos < 0) {
            refused++;
            return Leave.NONE;
        }
        probing = true;
        return Leave.PROBE;
    }

    /** Whether the server is taken to be silent. */
    synchronized boolean isOpen() {
        return open;
    }

    /** A question that was let through was not asked in the end. */
    synchronized void notAsked(Leave leave) {
        probing &= leave != Leave.PROBE;
    }

    /** What became of a question: null or a refusal is an answer. */
    synchronized void ended(Leave leave, @Nullable Throwable failure) {
        notAsked(leave);
        if (failure == null || failure instanceof Failure.Forbidden) {
            answered();
        } else if (failure.getCause() instanceof Unanswered) {
            unanswered(leave, failure);
        } else {
            answered();
            fault(failure);
        }
    }

    private void answered() {
        unansweredInARow = 0;
        if (open) {
            open = false;
            pauseNanos = PAUSE_MIN.toNanos();
            log.info("The auth server answers again; {} questions were not asked meanwhile", refused);
            refused = 0;
        }
    }

    /** What was asked before the server was taken to be silent tells nothing new. */
    private void unanswered(Leave leave, Throwable failure) {
        unansweredInARow++;
        if (open && leave == Leave.USUAL) {
            return;
        }
        if (open) {
            pauseNanos = Math.min(2 * pauseNanos, PAUSE_MAX.toNanos());
        } else if (unansweredInARow < UNANSWERED_MAX) {
            fault(failure);
            return;
        } else {
            open = true;
            log.warn("{}; callers that are not known get 503 until it answers", Reason.of(failure));
        }
        nextProbeNanos = nanoTime.getAsLong() + (long) (random.getAsDouble() * pauseNanos);
    }

    /** One of many is told, and how many there were. */
    private void fault(Throwable failure) {
        faults++;
        long now = nanoTime.getAsLong();
        if (now - faultLoggedNanos >= FAULT_LOGGED_EVERY_NANOS) {
            faultLoggedNanos = now;
            log.warn("{} ({} such faults since the last of these lines)", Reason.of(failure), faults);
            faults = 0;
        }
    }
}
