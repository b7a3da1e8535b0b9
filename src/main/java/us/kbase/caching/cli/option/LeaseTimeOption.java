package us.kbase.caching.cli.option;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long a lease lasts without a renewal: a duration of one second to an hour, as the gateway takes it. */
public final class LeaseTimeOption implements ITypeConverter<Duration> {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(1);

    @Override
    public Duration convert(String text) {
        Duration time = new DurationOption().convert(text);
        if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
            throw new TypeConversionException("'" + text + "' is not from 1s to 1h");
        }
        return time;
    }
}
