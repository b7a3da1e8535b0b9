package us.kbase.caching.cache;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Stored;
import us.kbase.caching.text.Decimal;

/**
 * How long the job of a result took, as its uploader says: what each later download spares.
 *
 * @param seconds whole ones, up to {@link #SECONDS_MAX}
 */
public record ComputeTime(OptionalLong seconds) {

    /** Nobody said. */
    public static final ComputeTime UNKNOWN = new ComputeTime(OptionalLong.empty());

    /** Thirty years. */
    public static final long SECONDS_MAX = 999_999_999;

    private static final String KEY = "compute-seconds";
    private static final int DIGITS_MAX = 9;

    /** Reads an upload's {@code Cache-Compute-Seconds}; refuses what is no whole number with a sentence. */
    public static ComputeTime asked(Optional<String> header) {
        if (header.isEmpty()) {
            return UNKNOWN;
        }
        ComputeTime said = new ComputeTime(Decimal.parse(header.get().strip(), DIGITS_MAX));
        if (said.seconds().isEmpty()) {
            throw new Failure.BadInput("Cache-Compute-Seconds must be a whole number from 0 to " + SECONDS_MAX);
        }
        return said;
    }

    /** What was kept with a result; unknown where another writer kept something else there. */
    static ComputeTime of(Stored result) {
        return new ComputeTime(Decimal.parse(result.metadata().getOrDefault(KEY, ""), DIGITS_MAX));
    }

    void add(Map<String, String> metadata) {
        seconds.ifPresent(known -> metadata.put(KEY, Long.toString(known)));
    }
}
