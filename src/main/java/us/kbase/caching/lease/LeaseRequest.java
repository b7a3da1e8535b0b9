package us.kbase.caching.lease;

import us.kbase.caching.failure.Failure;

/**
 * What a client asks for.
 *
 * @param ttlSeconds how long the lease lasts unless renewed
 * @param waitSeconds how long to wait while somebody else computes
 * @param holder the client's own words, shown to those who wait; cut to the first 80 characters, printable ASCII
 * @param intent whether the client would compute
 */
public record LeaseRequest(int ttlSeconds, int waitSeconds, String holder, Intent intent) {

    /** Without a word from the client. */
    public static final int TTL_SECONDS = 60;

    /** Without a word from the client. */
    public static final int WAIT_SECONDS = 30;

    private static final int TTL_SECONDS_MAX = 3600;

    /** Below the 300 s after which the server closes a silent connection. */
    private static final int WAIT_SECONDS_MAX = 240;

    /** What the client wants the file for. */
    public enum Intent {
        /** It takes the lease when nobody holds it. */
        COMPUTE,
        /** It only waits for the file. */
        WATCH
    }

    /** Refuses a lifetime that is out of range; a longer wait than allowed is cut, and the client asks again. */
    public LeaseRequest {
        ttlSeconds = checkedTtl(ttlSeconds);
        if (waitSeconds < 0) {
            throw new Failure.BadInput("wait_seconds must not be negative");
        }
        waitSeconds = Math.min(waitSeconds, WAIT_SECONDS_MAX);
        holder = LeaseRecord.printable(holder); // who waits does not hold what nobody will read
    }

    /** The same for somebody who cannot stay. */
    LeaseRequest withoutWait() {
        return new LeaseRequest(ttlSeconds, 0, holder, intent);
    }

    /** The lifetime, if it may be asked for. */
    public static int checkedTtl(int ttlSeconds) {
        if (ttlSeconds < 1 || ttlSeconds > TTL_SECONDS_MAX) {
            throw new Failure.BadInput("ttl_seconds must be from 1 to " + TTL_SECONDS_MAX);
        }
        return ttlSeconds;
    }
}
