package us.kbase.caching.store.s3;

import java.time.Duration;

/**
 * What a server said of a bucket.
 *
 * @param there whether it exists
 * @param serverAhead how far the server's clock is ahead of this machine's; its time is used for all that is signed
 * @param removed what becomes of objects that are replaced or removed
 */
public record FoundBucket(boolean there, Duration serverAhead, Removed removed) {

    private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

    /** What a bucket does with bytes that nobody can get any more. */
    public enum Removed {
        GOES,

        /** The bucket has versions, as one with Object Lock always has. */
        STAYS_AS_A_VERSION,

        /** The key may not ask, or the server has no answer. */
        NOT_TOLD
    }

    /** Whether one of the two clocks is wrong. */
    public boolean clocksDiffer() {
        return serverAhead.abs().compareTo(WORTH_TELLING) > 0;
    }

    /** The same as a sentence that says what to do. */
    public String ofClocks() {
        return "The S3 server's clock is " + serverAhead.abs().toSeconds() + " s "
                + (serverAhead.isNegative() ? "behind" : "ahead of")
                + " this machine's: set the one that is wrong (NTP); the server's time is used.";
    }

    /** That room does not come back by itself, and what to do. */
    public static String ofVersions() {
        return "The bucket has versions: what is replaced or removed still takes room, until a lifecycle rule for"
                + " noncurrent versions removes it.";
    }
}
