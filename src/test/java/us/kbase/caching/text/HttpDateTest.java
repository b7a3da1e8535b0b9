package us.kbase.caching.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The three forms of RFC 9110 section 5.6.7, and nothing else. */
class HttpDateTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 06 Nov 1994 08:49:37 GMT  | 1994-11-06T08:49:37Z",
                "Sunday, 06-Nov-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
                "Sun Nov  6 08:49:37 1994       | 1994-11-06T08:49:37Z",
                "Sun Nov 13 08:49:37 1994       | 1994-11-13T08:49:37Z",
                "Friday, 06-Nov-76 08:49:37 GMT | 2076-11-06T08:49:37Z",
                "Sunday, 06-Nov-77 08:49:37 GMT | 1977-11-06T08:49:37Z",
            })
    void aDateIsReadInEachForm(String text, Instant date) {
        assertEquals(Optional.of(date), HttpDate.parse(text, NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "yesterday",
                "1994-11-06T08:49:37Z",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Wed, 30 Feb 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
            })
    void whatIsNoDateIsNone(String text) {
        assertEquals(Optional.empty(), HttpDate.parse(text, NOW));
    }

    @Test
    void aDateIsWrittenAsItIsSent() {
        assertEquals("Sun, 01 Mar 2026 00:00:00 GMT", HttpDate.format(NOW));
    }
}
