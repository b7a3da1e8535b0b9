package us.kbase.caching.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Dates as HTTP writes them (RFC 9110 section 5.6.7), whole seconds. Any thread. */
public final class HttpDate {

    private static final int LENGTH_MAX = 40;
    private static final int YEARS_AHEAD_MAX = 50;

    /** Java's RFC 1123 format writes days of one digit. */
    private static final DateTimeFormatter FIXDATE = strict("EEE, dd MMM uuuu HH:mm:ss 'GMT'");

    private static final DateTimeFormatter ASCTIME_TWO_DIGITS = strict("EEE MMM dd HH:mm:ss uuuu");
    private static final DateTimeFormatter ASCTIME_ONE_DIGIT = strict("EEE MMM  d HH:mm:ss uuuu");

    private HttpDate() {}

    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withResolverStyle(ResolverStyle.STRICT);
    }

    /** The date as IMF-fixdate, the form that is sent. */
    public static String format(Instant date) {
        return FIXDATE.format(date.atOffset(ZoneOffset.UTC));
    }

    /**
     * The date that a text is, in any of the three forms that must be understood; nothing for any other text.
     *
     * @param now tells the century of a year of two digits: it is at most 50 years ahead
     */
    public static Optional<Instant> parse(String text, Instant now) {
        if (text.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        for (DateTimeFormatter form : List.of(FIXDATE, rfc850(now), ASCTIME_TWO_DIGITS, ASCTIME_ONE_DIGIT)) {
            try {
                return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException otherForm) {
                // tried in the next one
            }
        }
        return Optional.empty();
    }

    private static DateTimeFormatter rfc850(Instant now) {
        int firstYear = now.atOffset(ZoneOffset.UTC).getYear() + YEARS_AHEAD_MAX - 99;
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US)
                .withResolverStyle(ResolverStyle.STRICT);
    }
}
