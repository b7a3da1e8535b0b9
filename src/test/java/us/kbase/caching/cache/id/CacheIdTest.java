package us.kbase.caching.cache.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts name an entry, and the ids that the original made for known parameters. */
class CacheIdTest {

    private static final String TOKEN_ID = "http://auth:5000:username";

    static Stream<String> idsInTheWild() {
        return Stream.of(
                "a",
                "_",
                "-",
                "0123456789abcdef".repeat(8),
                "0123456789abcdef".repeat(4),
                "7d444840-9dc0-11d1-b245-5ffdce74fad2");
    }

    @ParameterizedTest
    @MethodSource("idsInTheWild")
    void namesAnEntry(String text) {
        assertEquals(text, CacheId.parse(text).orElseThrow().value());
        assertEquals(text, new CacheId(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\n", " a", "a%2f", "\u00e9", "a\u0000", "a.b", "\u0663"})
    void namesNothing(String text) {
        assertEquals(Optional.empty(), CacheId.parse(text));
        assertThrows(IllegalArgumentException.class, () -> new CacheId(text));
    }

    @Test
    void hasAtMostOneHundredTwentyEightCharacters() {
        assertTrue(CacheId.parse("a".repeat(128)).isPresent());
        assertTrue(CacheId.parse("a".repeat(129)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"xyz\": 123} | 4b573346e9f80b83f4045e7586df5a49d28175247af57be3d92aa3518a9cdaf6e48e31ca78dbfb250cc8b1cb47abe9e92baba070fcdda728ec4f607372de2708",
                "{\"params\": {\"contig_length\":123}, \"method_name\" : \"mymethod\"} | 7c1b258e33ea7ed626a96ea8ba51b6acc42c032a5e5d3555552a8d2a671d973509f734433e9a42a4ea0a8360d27cb325e36050cadd628bd6976936aa2bf94818",
                "{\"f\":[1.0,1e3,1e16,1e22,0.00001,0.0001,-0.0,123456789012345678901234567890,1E400]} | 47a9d51012e48ab53b127e1df0c0cf910467a3a07d8d0abfef81755a2fc47a8c3f5f4ade5ee820a186ed2b682e4109ba41d36fd4cfb8b0faa47b18cd322b7f12",
                "{\"\\ud83d\\ude00\":1,\"\\uffee\":2} | 31cbdfb7657c4afdb5c3ff67be97382547101b793862cc74fba420a310332a5b9597df489947c6ff65927edc3b41af0f74df6779e731ea4e24db54ecc08c530d",
            })
    void isTheOriginalsForItsParameters(String body, String id) throws Exception {
        String canonical = CanonicalJson.ofObject(body.getBytes(StandardCharsets.UTF_8));
        assertEquals(id, CacheIdHasher.hash(TOKEN_ID, canonical).value());
    }

    @Test
    void theHashIsTheOriginals() {
        String hex = CacheIdHasher.hex("1234567890");
        assertTrue(hex.matches("68d6ef20[0-9a-f]{112}aa50fe8e"), hex);
    }
}
