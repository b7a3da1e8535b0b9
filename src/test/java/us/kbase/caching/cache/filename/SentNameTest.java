package us.kbase.caching.cache.filename;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.store.Stored;

/** The name as it was sent, in metadata that every S3 server takes and gives back unchanged. */
class SentNameTest {

    private static Map<String, String> stored(String name) {
        Map<String, String> metadata = new HashMap<>(Map.of("token_id", "http://auth:5000:alice"));
        SentName.add(metadata, name);
        return metadata;
    }

    private static String read(Map<String, String> metadata) {
        return SentName.of(new Stored("id", "\"1\"", 0, metadata));
    }

    @ParameterizedTest
    @CsvSource({
        "reads.fa, reads.fa",
        "../a b/My File (1).fa.gz, ..%2Fa%20b%2FMy%20File%20%281%29.fa.gz",
        "100%.txt, 100%25.txt",
        "naïve 日本 😀, na%C3%AFve%20%E6%97%A5%E6%9C%AC%20%F0%9F%98%80",
    })
    void isPercentEncodedUtf8(String sent, String kept) {
        assertEquals(kept, stored(sent).get("filename-sent"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a+b c",
                "a\r\nX: y",
                "\0",
                "\"; filename=x",
                "%41",
                "%",
                "\u202Etxt.exe",
                "日本",
                "../../etc/passwd"
            })
    void comesBackAsItWas(String sent) {
        assertTrue(stored(sent).get("filename-sent").matches("[0-9A-Za-z._~%-]+"));
        assertEquals(sent, read(stored(sent)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "日", "😀"})
    void isCutAfterAWholeCharacterSoThatS3TakesAllMetadata(String character) {
        Map<String, String> metadata = stored(character.repeat(8192));
        int bytes = metadata.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        assertTrue(bytes <= 1536 && bytes > 1536 - 12, bytes + " bytes");
        assertTrue(read(metadata).matches("(?:" + character + ")+"));
    }

    @Test
    void isNotKeptWhereThereIsNoRoom() {
        Map<String, String> metadata = new HashMap<>(Map.of("token_id", "u".repeat(1530)));
        SentName.add(metadata, "reads.fa");
        assertFalse(metadata.containsKey("filename-sent"));
    }

    @Test
    void isEmptyWhereTheWriterKeptNone() {
        assertEquals("", read(Map.of("filename", "reads.fa")));
    }
}
