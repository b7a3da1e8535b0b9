package us.kbase.caching.store.s3.client;

import java.time.Duration;

/**
 * How long a call waits for others and for the server. Whoever gives the request's body may be as slow as it likes.
 *
 * @param connectionMillis for a connection, while all are in use
 * @param takingMillis for the server to take bytes that were sent
 * @param answerMillis for the answer's head, once the request was sent
 */
public record CallTimeouts(long connectionMillis, long takingMillis, long answerMillis) {

    private static final long TAKING_MILLIS = 20_000;
    private static final long LOOK_MILLIS = 10_000;
    private static final long PART_MILLIS = 20_000;

    /** MinIO makes who changes a key wait for its readers, and ours give it back within seconds; others' may not. */
    private static final long CHANGE_MILLIS = 120_000;

    /** What has begun is not dropped because many others began too: it waits this much longer. */
    private static final int UNDER_WAY = 10;

    /** A sweep relies on this: no publish of three tries lands later than two hours after it was admitted (docs/adr/0006). */
    private static final Duration UNDER_WAY_MAX = Duration.ofMinutes(30);

    /** Of calls that begin something and that the server can answer at once. */
    public static CallTimeouts toLook(Duration waitMax) {
        return new CallTimeouts(waitMax.toMillis(), TAKING_MILLIS, LOOK_MILLIS);
    }

    /** How long what has begun waits, where something new waits at most so long. */
    public static Duration underWay(Duration waitMax) {
        Duration longer = waitMax.multipliedBy(UNDER_WAY);
        return longer.compareTo(UNDER_WAY_MAX) < 0 ? longer : UNDER_WAY_MAX;
    }

    /** Of calls in the middle of a transfer. */
    static CallTimeouts toGoOn(Duration waitMax) {
        return new CallTimeouts(underWay(waitMax).toMillis(), TAKING_MILLIS, PART_MILLIS);
    }

    /** Of calls that change an object. */
    static CallTimeouts toChange(Duration waitMax) {
        return new CallTimeouts(waitMax.toMillis(), TAKING_MILLIS, CHANGE_MILLIS);
    }

    /** Of the call that ends a transfer. */
    static CallTimeouts toPublish(Duration waitMax) {
        return new CallTimeouts(underWay(waitMax).toMillis(), TAKING_MILLIS, CHANGE_MILLIS);
    }
}
