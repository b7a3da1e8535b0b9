package us.kbase.caching.http.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.http.condition.Preconditions.Purpose;
import us.kbase.caching.text.HttpDate;

/** RFC 9110 section 13: what a request comes to, by its headers and the result that is there. */
class PreconditionsTest {

    private static final Instant MODIFIED = Instant.parse("2026-03-01T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(MODIFIED.plus(Duration.ofDays(1)));

    /** The result in all rows: ETag {@code "a"}, modified at {@code NOW}; OLD and NEW are a second before and after. */
    private static final Optional<Validators> PRESENT = Optional.of(new Validators("\"a\"", Optional.of(MODIFIED)));

    private static final List<String> NAMES =
            List.of("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since");

    private static String date(String text) {
        return text.replace("OLD", HttpDate.format(MODIFIED.minusSeconds(1)))
                .replace("NOW", HttpDate.format(MODIFIED))
                .replace("NEW", HttpDate.format(MODIFIED.plusSeconds(1)));
    }

    private static String outcome(MultiMap headers, Purpose purpose, Optional<Validators> present) {
        return switch (Preconditions.of(headers, CLOCK).evaluate(purpose, present)) {
            case Preconditions.Outcome.Holds holds -> "go";
            case Preconditions.Outcome.NotModified same -> "304";
            case Preconditions.Outcome.Failed failed -> "412 " + failed.header();
        };
    }

    /** {@code #} separates lines of one header, {@code ;} headers. */
    private static MultiMap headers(String written) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (String header : written.split(";")) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                for (String line : header.substring(colon + 1).split("#")) {
                    headers.add(header.substring(0, colon).strip(), date(line.strip()));
                }
            }
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                // headers | reading what is there | changing it | changing what is not there
                "none                                        | go   | go  | go",
                "If-Match: \"a\"                             | go   | go  | 412",
                "If-Match: \"b\"                             | 412  | 412 | 412",
                "If-Match: *                                 | go   | go  | 412",
                "If-Match: \"b\", \"a\"                      | go   | go  | 412",
                "If-Match: \"b\" # \"a\"                     | go   | go  | 412",
                "If-Match: , \"a\" ,,                        | go   | go  | 412",
                "If-Match: W/\"a\"                           | 412  | 412 | 412",
                "If-Match: a                                 | 412  | 412 | 412",
                "If-Match: \"a                               | 412  | 412 | 412",
                "If-Match: \"a\"b, \"c\"                     | 412  | 412 | 412",
                "If-Match: x y, \"a\"                        | go   | go  | 412",
                "If-Match: \"A\"                             | 412  | 412 | 412",
                "If-Match: \"*\"                             | 412  | 412 | 412",
                "If-None-Match: \"a\"                        | 304  | 412 | go",
                "If-None-Match: W/\"a\"                      | 304  | 412 | go",
                "If-None-Match: w/\"a\"                      | go   | go  | go",
                "If-None-Match: *                            | 304  | 412 | go",
                "If-None-Match: \"b\"                        | go   | go  | go",
                "If-None-Match: \"b\",\"a\"                  | 304  | 412 | go",
                "If-None-Match: \"b\" # W/\"a\"              | 304  | 412 | go",
                "If-None-Match: a                            | go   | go  | go",
                "If-Modified-Since: OLD                      | go   | go  | go",
                "If-Modified-Since: NOW                      | 304  | go  | go",
                "If-Modified-Since: NEW                      | 304  | go  | go",
                "If-Modified-Since: tomorrow                 | go   | go  | go",
                "If-Modified-Since: NOW # NOW                | go   | go  | go",
                "If-Unmodified-Since: OLD                    | 412  | 412 | go",
                "If-Unmodified-Since: NOW                    | go   | go  | go",
                "If-Unmodified-Since: NEW                    | go   | go  | go",
                "If-Unmodified-Since: 0                      | go   | go  | go",
                // precedence, section 13.2.2
                "If-Match: \"a\"; If-Unmodified-Since: OLD   | go   | go  | 412",
                "If-Match: \"b\"; If-Unmodified-Since: NEW   | 412  | 412 | 412",
                "If-None-Match: \"b\"; If-Modified-Since: NEW | go  | go  | go",
                "If-None-Match: \"a\"; If-Modified-Since: OLD | 304 | 412 | go",
                "If-Match: \"a\"; If-None-Match: \"a\"       | 304  | 412 | 412",
                "If-Match: \"b\"; If-None-Match: \"a\"       | 412  | 412 | 412",
                "If-Unmodified-Since: OLD; If-None-Match: \"a\" | 412 | 412 | go",
                "If-Unmodified-Since: NEW; If-Modified-Since: NOW | 304 | go | go",
            })
    void aRequestComesTo(String written, String reading, String changing, String creating) {
        MultiMap headers = headers(written);
        assertEquals(reading, status(outcome(headers, Purpose.READ, PRESENT)));
        assertEquals(changing, status(outcome(headers, Purpose.CHANGE, PRESENT)));
        assertEquals(creating, status(outcome(headers, Purpose.CHANGE, Optional.empty())));
    }

    private static String status(String outcome) {
        return outcome.startsWith("412") ? "412" : outcome;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "If-Match: \"b\"; If-None-Match: \"a\"          | If-Match",
                "If-None-Match: *                               | If-None-Match",
                "If-Unmodified-Since: OLD; If-None-Match: \"a\" | If-Unmodified-Since",
            })
    void aRefusalNamesItsHeader(String written, String header) {
        assertEquals("412 " + header, outcome(headers(written), Purpose.CHANGE, PRESENT));
    }

    @Provide
    Arbitrary<List<List<String>>> requests() {
        Arbitrary<String> tags = Arbitraries.of("*", "\"a\"", "W/\"a\"", "\"b\"", "W/\"b\"", "a", "\"b\", \"a\"", ",");
        Arbitrary<String> dates = Arbitraries.of("OLD", "NOW", "NEW", "never", "0");
        Arbitrary<List<String>> tagLines = tags.list().ofMaxSize(3);
        Arbitrary<List<String>> dateLines = dates.list().ofMaxSize(2);
        return Combinators.combine(tagLines, tagLines, dateLines, dateLines).as(List::of);
    }

    /** The steps of section 13.2.2 as they stand there, on the text of the headers. */
    private static String model(List<List<String>> lines, Purpose purpose, boolean present) {
        List<List<String>> given = new ArrayList<>(lines);
        if (!given.get(0).isEmpty()) {
            if (!present || !lists(given.get(0), List.of("\"a\""))) {
                return "412 If-Match";
            }
        } else if (present && given.get(3).equals(List.of("OLD"))) {
            return "412 If-Unmodified-Since";
        }
        if (!given.get(1).isEmpty()) {
            boolean listed = present && lists(given.get(1), List.of("\"a\"", "W/\"a\""));
            return !listed ? "go" : purpose == Purpose.READ ? "304" : "412 If-None-Match";
        }
        boolean known = given.get(2).size() == 1
                && List.of("NOW", "NEW").contains(given.get(2).get(0));
        return purpose == Purpose.READ && present && known ? "304" : "go";
    }

    private static boolean lists(List<String> lines, List<String> wanted) {
        return lines.equals(List.of("*"))
                || lines.stream()
                        .flatMap(line -> List.of(line.split(", ")).stream())
                        .anyMatch(wanted::contains);
    }

    @Property(tries = 5000)
    void everyRequestComesToWhatTheStepsSay(
            @ForAll("requests") List<List<String>> lines, @ForAll Purpose purpose, @ForAll boolean present) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < NAMES.size(); i++) {
            for (String line : lines.get(i)) {
                headers.add(NAMES.get(i), date(line));
            }
        }
        assertEquals(
                model(lines, purpose, present),
                outcome(headers, purpose, present ? PRESENT : Optional.empty()),
                headers.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Range: bytes=2-5                              | 2-5",
                "Range: bytes=2-5; If-Range: \"a\"             | 2-5",
                "Range: bytes=2-5; If-Range: \"b\"             | all",
                "Range: bytes=2-5; If-Range: W/\"a\"           | all",
                "Range: bytes=2-5; If-Range: a                 | all",
                "Range: bytes=2-5; If-Range: NOW               | all",
                "Range: bytes=0-1,4-5                          | all",
                "Range: lines=2-5                              | all",
                "If-Range: \"b\"                               | all",
            })
    void aRangeIsOfItsVersion(String written, String range) {
        var wanted = RangeRequest.of(headers(written)).of(PRESENT.orElseThrow());
        assertEquals(
                range,
                wanted.equals(us.kbase.caching.store.ByteRange.ALL) ? "all" : wanted.first() + "-" + wanted.last());
    }
}
