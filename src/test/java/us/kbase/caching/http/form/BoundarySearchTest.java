package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a delimiter begins, in every content. */
class BoundarySearchTest {

    private static BoundarySearch search(String needle) {
        return new BoundarySearch(needle.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Property
    void findsTheFirstPlaceAsANaiveSearchDoes(@ForAll("few") String text, @ForAll("delimiters") String delimiter) {
        assertEquals(text.indexOf(delimiter), search(delimiter).indexIn(Buffer.buffer(text)));
    }

    @Property
    void theEndThatCouldBeginADelimiterIsTheLongestOne(
            @ForAll("few") String text, @ForAll("delimiters") String delimiter) {
        int longest = Math.min(text.length(), delimiter.length() - 1);
        while (!text.endsWith(delimiter.substring(0, longest))) {
            longest--;
        }
        assertEquals(longest, search(delimiter).partialAtEnd(Buffer.buffer(text)));
    }

    /** Few letters, so that matches and near matches are common. */
    @Provide
    Arbitrary<String> few() {
        return Arbitraries.strings().withChars("\r\n-ab").ofMaxLength(60);
    }

    @Provide
    Arbitrary<String> delimiters() {
        return Arbitraries.strings()
                .withChars("-ab")
                .ofMinLength(1)
                .ofMaxLength(5)
                .map(boundary -> "\r\n--" + boundary);
    }

    /** What costs the search the most looks: content made of what stands in the delimiter. */
    @ParameterizedTest
    @CsvSource({"a, a", "ab, ab", "'\r', a", "'\r\n', a", "'\r\n--', a", "-, -", "'\r\n--aaaaaaaaaaaaaaaaaaaaaaaaa', a"
    })
    void findsADelimiterBehindWhatLooksLikeOne(String repeated, String boundaryOf) {
        String content = repeated.repeat(100_000 / repeated.length());
        String delimiter = "\r\n--" + boundaryOf.repeat(200 / boundaryOf.length());
        BoundarySearch search = search(delimiter);
        assertEquals(-1, search.indexIn(Buffer.buffer(content)));
        assertEquals(content.length(), search.indexIn(Buffer.buffer(content + "\r\n--!" + delimiter)) - 5);
    }

    /** Each place of a delimiter relative to the samples is another case. */
    @Test
    void findsADelimiterWhereverItStandsAndInSlices() {
        BoundarySearch search = search("\r\n--boundary");
        for (int before = 0; before < 40; before++) {
            Buffer bytes = Buffer.buffer("x".repeat(before + 3) + "\r\n--boundary--\r\n");
            Buffer slice = bytes.slice(3, bytes.length());
            assertEquals(before, search.indexIn(slice));
            assertEquals(before, search.indexIn(slice, before));
            assertEquals(-1, search.indexIn(slice, before + 1));
        }
    }
}
