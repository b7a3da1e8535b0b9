package us.kbase.caching.cache.id;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Python's json.dumps(json.loads(body), sort_keys=True) gives; each expected text was made by Python. */
class CanonicalJsonTest {

    private static String canonical(String body) throws JsonParseException {
        return CanonicalJson.ofObject(body.getBytes(UTF_8));
    }

    @Nested
    class TheText {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"b\":1,\"a\":2}                       | {\"a\": 2, \"b\": 1}",
                    "{\"a\":{\"z\":1,\"b\":[]},\"B\":{}}     | {\"B\": {}, \"a\": {\"b\": [], \"z\": 1}}",
                    "{\"a\":1,\"b\":2,\"a\":3}               | {\"a\": 3, \"b\": 2}",
                    "{\"\":null,\"t\":true,\"f\":false}      | {\"\": null, \"f\": false, \"t\": true}",
                    "{\"a\":\"\\/\\\"\\\\\\b\\f\\n\\r\\t\"}  | {\"a\": \"/\\\"\\\\\\b\\f\\n\\r\\t\"}",
                    "{\"a\":\"\u00e9\u007f\u2028\"}          | {\"a\": \"\\u00e9\\u007f\\u2028\"}",
                    "{\"a\":\"\\u001f\\uD83D\\uDE00\"}       | {\"a\": \"\\u001f\\ud83d\\ude00\"}",
                    "{\"a\":\"\\ud83d\",\"\\ude00\":1}       | {\"a\": \"\\ud83d\", \"\\ude00\": 1}",
                    "{\"\uffee\":1,\"\ud83d\ude00\":2}       | {\"\\uffee\": 1, \"\\ud83d\\ude00\": 2}",
                    "{\"\\ud83dx\":1,\"\ud83d\ude00\":2}     | {\"\\ud83dx\": 1, \"\\ud83d\\ude00\": 2}",
                    "{\"a\":[NaN,Infinity,-Infinity]}        | {\"a\": [NaN, Infinity, -Infinity]}",
                    "{\"a\":[1E400,-1e999,1e-400]}           | {\"a\": [Infinity, -Infinity, 0.0]}",
                    "{\"a\":[-0,-0.0,0,0e5]}                 | {\"a\": [0, -0.0, 0, 0.0]}",
                    "{\"a\":123456789012345678901234567890}  | {\"a\": 123456789012345678901234567890}",
                    "{\"a\":[9007199254740993,9007199254740993.0]} | {\"a\": [9007199254740993, 9007199254740992.0]}",
                })
        void ofAnObject(String body, String text) throws Exception {
            assertEquals(text, canonical(body));
        }

        @Test
        void ofAnIntegerOfTenThousandDigitsIsExact() throws Exception {
            String digits = "1234567890".repeat(1000);
            assertEquals("{\"n\": " + digits + "}", canonical("{\"n\":" + digits + "}"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "[]", "[{\"a\":1}]", "\"a\"", "1", "null", "NaN", " {} "})
        void isEmptyForWhatIsNoParameters(String body) throws Exception {
            assertEquals("", canonical(body));
        }

        @Test
        void isSortedInALargeObjectWhoseKeysCollideAsHashes() throws Exception {
            StringBuilder body = new StringBuilder("{\"end\":0");
            for (int i = 0; i < 1 << 14; i++) {
                body.append(",\"");
                for (int bit = 0; bit < 14; bit++) {
                    body.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // equal hash codes in Java
                }
                body.append("\":0");
            }
            assertTrue(canonical(body.append('}').toString()).startsWith("{\"AaAaAaAaAaAaAaAaAaAaAaAaAaAa\": 0"));
        }
    }

    @Nested
    class TheNumbers {

        @ParameterizedTest
        @CsvSource({
            "1.0, 1.0",
            "1e3, 1000.0",
            "1e15, 1000000000000000.0",
            "1e16, 1e+16",
            "123456789012345680.0, 1.2345678901234568e+17",
            "0.0001, 0.0001",
            "0.00001, 1e-05",
            "1.5e-5, 1.5e-05",
            "1e22, 1e+22",
            "1e23, 1e+23",
            "2e-323, 2e-323",
            "5e-324, 5e-324",
            "2.2250738585072014e-308, 2.2250738585072014e-308",
            "1.7976931348623157e308, 1.7976931348623157e+308",
            "0.1, 0.1",
            "0.30000000000000004, 0.30000000000000004",
            "2E+2, 200.0",
        })
        void areWrittenAsPythonDoes(double value, String repr) {
            assertEquals(repr, PythonFloat.repr(value));
            assertEquals("-" + repr, PythonFloat.repr(-value));
        }

        @Property(tries = 5000)
        void readBackAsTheSameNumber(@ForAll("anyBits") double value) {
            String repr = PythonFloat.repr(value);
            if (!Double.isNaN(value) && !Double.isInfinite(value)) {
                assertTrue(repr.matches("-?\\d+\\.\\d+|-?\\d(\\.\\d+)?e[+-]\\d{2,3}"), repr);
                assertEquals(value, Double.parseDouble(repr));
            }
        }

        @Provide
        Arbitrary<Double> anyBits() {
            return Arbitraries.longs().map(Double::longBitsToDouble);
        }
    }

    @Nested
    class TheBytes {

        /** Zeros tell the encoding; the examples have none, one and two characters before the first zero. */
        @ParameterizedTest
        @CsvSource({
            "7b2261223a317d, {\"a\": 1}",
            "efbbbf7b2261223a317d, {\"a\": 1}",
            "7b002200610022003a0031007d00, {\"a\": 1}",
            "feff007b002200610022003a0031007d, {\"a\": 1}",
            "7b2261223a22eda0bd227d, {\"a\": \"\\ud83d\"}",
        })
        void areReadInTheirEncoding(String hex, String text) throws Exception {
            assertEquals(text, CanonicalJson.ofObject(HexFormat.of().parseHex(hex)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "7b2261223a22ff227d",
                    "7b2261223a22c0af227d",
                    "7b2261223a22e08080227d",
                    "7b2261223a22f4908080227d",
                    "7b2261223a22c3",
                    "7b2261223a2280227d",
                    "feff007b00",
                    "0000feff000000",
                    "0000feff00110000",
                })
        void areRefusedWhenTheyAreNotInAnyEncoding(String hex) {
            var failure = assertThrows(
                    JsonParseException.class,
                    () -> CanonicalJson.ofObject(HexFormat.of().parseHex(hex)));
            assertTrue(failure.getMessage().startsWith("the body is not valid UTF-"), failure.getMessage());
        }
    }

    @Nested
    class TheRefusal {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "` `                | Expecting value: line 1 column 2 (char 1)",
                    "{\"a\":}           | Expecting value: line 1 column 6 (char 5)",
                    "{\"a\":1,}         | Expecting property name enclosed in double quotes: line 1 column 8 (char 7)",
                    "`{\n\"a\": tru}`   | Expecting value: line 2 column 6 (char 7)",
                    "[1,]               | Expecting value: line 1 column 4 (char 3)",
                    "[-]                | Expecting value: line 1 column 2 (char 1)",
                    "[1.]               | Expecting ',' delimiter: line 1 column 3 (char 2)",
                    "[.5]               | Expecting value: line 1 column 2 (char 1)",
                    "[+1]               | Expecting value: line 1 column 2 (char 1)",
                    "[1e]               | Expecting ',' delimiter: line 1 column 3 (char 2)",
                    "[\u0661]           | Expecting value: line 1 column 2 (char 1)",
                    "['a']              | Expecting value: line 1 column 2 (char 1)",
                    "`[\"a\tb\"]`       | Invalid control character at: line 1 column 4 (char 3)",
                    "[\"\\x\"]          | Invalid \\escape: line 1 column 3 (char 2)",
                    "[\"\\u12g4\"]      | Invalid \\uXXXX escape: line 1 column 4 (char 3)",
                    "\"\\ud800          | Invalid \\uXXXX escape: line 1 column 3 (char 2)",
                    "[\"\ud83d\ude00\"x] | Expecting ',' delimiter: line 1 column 5 (char 4)",
                    "{\"a\":1} {        | Extra data: line 1 column 9 (char 8)",
                    "\ufeff\ufeff{}     | Expecting value: line 1 column 1 (char 0)",
                })
        void hasPythonsMessage(String body, String message) {
            var failure = assertThrows(JsonParseException.class, () -> canonical(body));
            assertEquals(message, failure.getMessage());
        }

        @Test
        void comesForNestingThatIsNotEndedBeforeTheStackOverruns() {
            assertThrows(JsonParseException.class, () -> canonical("[".repeat(500_000)));
            assertThrows(JsonParseException.class, () -> canonical("{\"a\":".repeat(200_000)));
        }
    }

    @Property
    void canonicalTextIsItsOwnCanonicalText(@ForAll String key, @ForAll String value, @ForAll long number)
            throws Exception {
        String body = new io.vertx.core.json.JsonObject()
                .put(key, value)
                .put("n" + key, number)
                .encode();
        String canonical = canonical(body.replaceAll("[\\ud800-\\udfff]", "?"));
        assertEquals(canonical, canonical(canonical));
        assertTrue(canonical.chars().allMatch(c -> c >= ' ' && c < 0x7f), canonical);
    }
}
