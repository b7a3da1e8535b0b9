package us.kbase.caching.http.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import us.kbase.caching.store.ByteRange;

/** The scan of a range agrees with the regular expression that it took the place of, and takes linear time. */
class RangeHeaderTest {

    private static final int LONG = 4 << 20;
    private static final Pattern RANGE = Pattern.compile("[bB][yY]tes=(?:(\\d{1,18})-(\\d{0,18})|-(\\d{1,18}))");

    @Provide
    Arbitrary<String> ranges() {
        return Arbitraries.of(
                        "bytes=",
                        "BYtes=",
                        "bytes",
                        "=",
                        "-",
                        "0",
                        "7",
                        "12",
                        "999999999999999999",
                        ",",
                        " ",
                        "+",
                        "\u0661",
                        "a")
                .list()
                .ofMaxSize(6)
                .map(pieces -> String.join("", pieces))
                .flatMap(text -> Arbitraries.of(text, "bytes=" + text));
    }

    @Property(tries = 4000)
    void aRangeIsWhatTheExpressionMatched(@ForAll("ranges") String value) {
        assertEquals(byExpression(value), RangeHeader.parse(value));
    }

    private static Optional<ByteRange> byExpression(String value) {
        Matcher matcher = RANGE.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (matcher.group(3) != null) {
            long suffix = Long.parseLong(matcher.group(3));
            return Optional.of(suffix == 0 ? new ByteRange(Long.MAX_VALUE, 0) : new ByteRange(-suffix, Long.MAX_VALUE));
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
        return last < first ? Optional.empty() : Optional.of(new ByteRange(first, last));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRangeCostsItsLength() {
        assertEquals(Optional.empty(), RangeHeader.parse("bytes=" + "0".repeat(LONG)));
        assertEquals(Optional.empty(), RangeHeader.parse("bytes=" + "-0".repeat(LONG)));
    }
}
