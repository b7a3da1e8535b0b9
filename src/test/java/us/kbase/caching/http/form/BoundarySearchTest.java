package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a delimiter begins, and how few looks at the bytes that takes. */
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

    /** A client chooses content and boundary; none may cost more than a look or two per byte. */
    @ParameterizedTest
    @CsvSource({"a, a", "ab, ab", "'\r', a", "'\r\n', a", "'\r\n--', a", "-, -", "'\r\n--aaaaaaaaaaaaaaaaaaaaaaaaa', a"
    })
    void isLinearForEveryContent(String repeated, String boundaryOf) {
        int length = 100_000;
        String content = repeated.repeat(length / repeated.length());
        AtomicLong looks = new AtomicLong();
        int found =
                search("\r\n--" + boundaryOf.repeat(200 / boundaryOf.length())).indexIn(counting(content, looks));
        assertEquals(-1, found);
        assertTrue(looks.get() <= 3 * length, looks + " looks at " + length + " bytes");
    }

    private static Buffer counting(String content, AtomicLong looks) {
        Buffer buffer = Buffer.buffer(content);
        return (Buffer) Proxy.newProxyInstance(
                Buffer.class.getClassLoader(), new Class<?>[] {Buffer.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("get")) {
                        looks.incrementAndGet();
                    }
                    return method.invoke(buffer, arguments);
                });
    }
}
