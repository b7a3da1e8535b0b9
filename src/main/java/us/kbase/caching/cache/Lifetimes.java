package us.kbase.caching.cache;

import java.time.Duration;
import java.util.Optional;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.text.Decimal;

/**
 * How long entries live.
 *
 * @param fileDays a result's days after its upload, and after its last download
 * @param fileDaysMax the most that an upload may ask for
 * @param placeholderDays an id's days until its result must be there
 */
public record Lifetimes(int fileDays, int fileDaysMax, int placeholderDays) {

    /** What the original service does. */
    public static final Lifetimes ORIGINAL = new Lifetimes(30, 365, 7);

    private static final int DIGITS_MAX = 6;

    /** Throws when a day count is not positive or the maximum is below the usual. */
    public Lifetimes {
        if (fileDays < 1 || placeholderDays < 1 || fileDaysMax < fileDays) {
            throw new IllegalArgumentException("lifetimes must be positive, and the maximum the longest");
        }
    }

    /** How long an id lives until its result must be there. */
    public Duration placeholder() {
        return Duration.ofDays(placeholderDays);
    }

    /** The days that an upload's {@code Cache-Expires-Days} asks for, or the usual. Refuses anything else with a sentence. */
    public int days(Optional<String> asked) {
        if (asked.isEmpty()) {
            return fileDays;
        }
        long days = Decimal.parse(asked.get().strip(), DIGITS_MAX).orElse(0);
        if (days >= 1 && days <= fileDaysMax) {
            return Math.toIntExact(days);
        }
        throw new Failure.BadInput("Cache-Expires-Days must be a whole number from 1 to " + fileDaysMax);
    }
}
