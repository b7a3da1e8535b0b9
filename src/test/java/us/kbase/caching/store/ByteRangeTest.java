package us.kbase.caching.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges as RFC 9110 section 14.1.2 means them; MAX stands for an open end. */
class ByteRangeTest {

    @ParameterizedTest(name = "{0}-{1} of {2} bytes")
    @CsvSource({
        // first, last, length, start, end, satisfiable
        "0,   MAX, 10, 0,  10, true",
        "0,   0,   10, 0,  1,  true",
        "3,   5,   10, 3,  6,  true",
        "9,   9,   10, 9,  10, true",
        "3,   MAX, 10, 3,  10, true",
        "3,   10,  10, 3,  10, true",
        "3,   99,  10, 3,  10, true",
        "10,  MAX, 10, 10, 10, false",
        "10,  20,  10, 10, 10, false",
        "99,  MAX, 10, 99, 10, false",
        "-1,  MAX, 10, 9,  10, true",
        "-10, MAX, 10, 0,  10, true",
        "-99, MAX, 10, 0,  10, true",
        "0,   MAX, 0,  0,  0,  false",
        "-1,  MAX, 0,  0,  0,  false",
        "MAX, 0,   10, MAX, 1, false",
    })
    void theBytesOfARange(String first, String last, long length, String start, long end, boolean satisfiable) {
        ByteRange range = new ByteRange(number(first), number(last));
        assertEquals(number(start), range.start(length));
        assertEquals(end, range.end(length));
        assertEquals(satisfiable, range.satisfiable(length));
    }

    private static long number(String text) {
        return text.equals("MAX") ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
