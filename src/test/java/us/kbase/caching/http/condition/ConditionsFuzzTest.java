package us.kbase.caching.http.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;
import us.kbase.caching.text.HttpDate;

/** Ranges and preconditions, changed here and there: each is understood or ignored, and never a fault. */
class ConditionsFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Pattern RANGE = Pattern.compile("(?i)bytes=(\\d{0,18})-(\\d{0,18})");
    private static final long LENGTH = 300;

    private static final Corpus RANGES = Corpus.of(
            List.of(
                    "bytes=0-0",
                    "bytes=5-",
                    "bytes=-5",
                    "bytes=0-99,200-",
                    "Bytes=10-299",
                    "bytes=299-300",
                    "lines=0-1"),
            List.of("bytes=", "-", ",", " ", "=", "0-", "\t", "\u0661", "\0"));

    private static final Corpus TAGS = Corpus.of(
            List.of("\"abc\"", "W/\"abc\"", "*", "\"a\", \"b\" ,W/\"c\"", "\"\"", "\"a,b\"", "abc", " \"abc\" "),
            List.of("\"", "W/", "w/", "*", ",", " ", "\t", "\\", "\u0080", "\u007f", "\"abc\""));

    private static final Corpus DATES = Corpus.of(
            List.of(
                    "Sun, 29 Nov 2026 12:00:00 GMT",
                    "Sunday, 29-Nov-26 12:00:00 GMT",
                    "Sun Nov 29 12:00:00 2026",
                    "Tue Nov  1 00:00:00 2026",
                    "Thu, 29 Feb 2024 23:59:60 GMT"),
            List.of("GMT", "UTC", "Feb", "31", "99", "00", ":", "-", " ", "0", "+", "999999999"));

    @Test
    void aRangeIsTheOneThatItsDigitsSayOrNone() {
        Fuzz.holds(20_000, random -> {
            String value = RANGES.text(random);
            assertEquals(asked(value), RangeHeader.parse(value), value);
            ByteRange range = RangeRequest.of(headers("Range", value)).range();
            if (range.satisfiable(LENGTH)) {
                long from = range.start(LENGTH);
                long to = range.end(LENGTH);
                assertTrue(from >= 0 && from < to && to <= LENGTH, value);
            }
        });
    }

    private static Optional<ByteRange> asked(String value) {
        Matcher digits = RANGE.matcher(value);
        if (!digits.matches() || digits.group(1).isEmpty() && digits.group(2).isEmpty()) {
            return Optional.empty();
        }
        long last = digits.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(digits.group(2));
        if (digits.group(1).isEmpty()) {
            return Optional.of(last == 0 ? new ByteRange(Long.MAX_VALUE, 0) : new ByteRange(-last, Long.MAX_VALUE));
        }
        long first = Long.parseLong(digits.group(1));
        return first > last ? Optional.empty() : Optional.of(new ByteRange(first, last));
    }

    /** Of two that contradict each other one fails at most, and what names the bytes that are there always matches them. */
    @Test
    void preconditionsHaveAnOutcome() {
        Fuzz.holds(20_000, random -> {
            MultiMap headers = headers("If-Match", TAGS.text(random))
                    .add("If-None-Match", TAGS.text(random))
                    .add("If-Modified-Since", DATES.text(random))
                    .add("If-Unmodified-Since", DATES.text(random))
                    .add("If-Range", TAGS.text(random))
                    .add("Range", "bytes=1-2");
            drop(headers, random);
            Validators present = new Validators("\"abc\"", Optional.of(NOW));
            Preconditions all = Preconditions.of(headers, () -> NOW);
            for (Preconditions.Purpose purpose : Preconditions.Purpose.values()) {
                all.evaluate(purpose, Optional.of(present));
                all.evaluate(purpose, Optional.empty());
            }
            RangeRequest.of(headers).of(present);
        });
    }

    private static void drop(MultiMap headers, Random random) {
        for (String name : List.copyOf(headers.names())) {
            if (random.nextBoolean()) {
                headers.remove(name);
            }
        }
    }

    @Test
    void aDateThatIsReadIsWrittenAndReadAgainTheSame() {
        Fuzz.holds(20_000, random -> {
            Optional<Instant> date = HttpDate.parse(DATES.text(random), NOW);
            date.filter(read -> read.isBefore(Instant.parse("9999-12-31T00:00:00Z")) && read.isAfter(Instant.EPOCH))
                    .ifPresent(read -> assertEquals(date, HttpDate.parse(HttpDate.format(read), NOW)));
        });
    }

    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }
}
