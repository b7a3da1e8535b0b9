package us.kbase.caching.store.s3;

import java.time.Duration;

/**
 * What a server said of a bucket.
 *
 * @param there whether it exists
 * @param serverAhead how far the server's clock is ahead of this machine's; its time is used for all that is signed
 */
public record FoundBucket(boolean there, Duration serverAhead) {

    private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

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
}
