package us.kbase.caching.expiry;

import java.time.Duration;

/**
 * How to sweep.
 *
 * @param effect whether anything is removed
 * @param stops whether too much at once ends the sweep
 * @param youngest objects written less long ago are not looked at: none of them can have expired
 * @param uploadGrace multipart uploads that are open for longer were abandoned
 */
public record SweepOptions(Effect effect, Stops stops, Duration youngest, Duration uploadGrace) {

    /** Whether anything is removed. */
    public enum Effect {
        /** Expired entries go. */
        REMOVE,
        /** They are only counted. */
        COUNT
    }

    /** What happens when suspiciously much has expired. A wrong clock always ends a sweep. */
    public enum Stops {
        /** The sweep ends and says so. */
        HEED,
        /** It goes on. */
        IGNORE
    }
}
