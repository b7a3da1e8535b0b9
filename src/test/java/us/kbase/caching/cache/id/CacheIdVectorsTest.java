package us.kbase.caching.cache.id;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheIdVectorsTest {

    @TestFactory
    List<DynamicTest> everyRecordedBodyHasTheIdThatPythonGaveIt() throws Exception {
        try (var lines = new BufferedReader(
                new InputStreamReader(getClass().getResourceAsStream("/vectors/cache_id.jsonl"), UTF_8))) {
            return lines.lines()
                    .map(JsonObject::new)
                    .map(vector ->
                            DynamicTest.dynamicTest(vector.getString("cache_id").substring(0, 16), () -> check(vector)))
                    .toList();
        }
    }

    private static void check(JsonObject vector) throws JsonParseException {
        String canonical = CanonicalJson.ofObject(vector.getString("body").getBytes(UTF_8));
        assertEquals(vector.getString("canonical"), canonical);
        assertEquals(
                vector.getString("cache_id"),
                CacheIdHasher.hash(vector.getString("token_id"), canonical).value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|Expecting value: line 1 column 1 (char 0)",
                "{\"a\":1}x|Extra data: line 1 column 8 (char 7)",
                "{a:1}|Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
                "{\"a\" 1}|Expecting ':' delimiter: line 1 column 6 (char 5)",
                "[1 2]|Expecting ',' delimiter: line 1 column 4 (char 3)",
                "[\"a|Unterminated string starting at: line 1 column 2 (char 1)",
                "[01]|Expecting ',' delimiter: line 1 column 3 (char 2)",
            })
    void badJsonIsRefusedWithPythonsMessage(String body, String message) {
        var failure = assertThrows(
                JsonParseException.class,
                () -> CanonicalJson.ofObject(body == null ? new byte[0] : body.getBytes(UTF_8)));
        assertEquals(message, failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-16", "UTF-8"})
    void theEncodingOfTheBodyDoesNotMatter(String charset) throws Exception {
        assertEquals("{\"k\": \"\\u00e9\\ud83d\\ude00\"}", CanonicalJson.ofObject("{\"k\":\"é😀\"}".getBytes(charset)));
    }

    @ParameterizedTest
    @CsvSource({
        "5e-324,5e-324",
        "1e22,1e+22",
        "9007199254740993.0,9007199254740992.0",
        "1.5e300,1.5e+300",
        "1e15,1000000000000000.0"
    })
    void floatsAreWrittenAsPythonDoes(String source, String repr) throws Exception {
        assertEquals("{\"f\": " + repr + "}", CanonicalJson.ofObject(("{\"f\":" + source + "}").getBytes(UTF_8)));
    }

    @Test
    void nestingIsTakenToTheOriginalsLimitAndRefusedBeyond() throws Exception {
        String atLimit = "{\"a\":" + "[".repeat(979) + "]".repeat(979) + "}";
        assertEquals(atLimit.replace(":", ": "), CanonicalJson.ofObject(atLimit.getBytes(UTF_8)));
        String beyond = "{\"a\":" + "[".repeat(980) + "]".repeat(980) + "}";
        assertThrows(JsonParseException.class, () -> CanonicalJson.ofObject(beyond.getBytes(UTF_8)));
    }
}
