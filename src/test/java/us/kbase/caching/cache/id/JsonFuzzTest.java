package us.kbase.caching.cache.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;

/** Parameters of jobs, changed here and there: JSON with one canonical text, or refused with a place. */
class JsonFuzzTest {

    private static final Corpus BODIES = Corpus.of(
            List.of(
                    "{\"workspace\": 42, \"reads\": [\"1/2/3\", \"4/5/6\"], \"min\": 0.25, \"paired\": true, \"x\": null}",
                    "{\"a\": {\"b\": [[[]], {}], \"c\": \"\\u00e9\\ud83d\\ude00\\n\"}, \"b\": -0, \"e\": 1e22, \"f\": -1.5E-7}",
                    "{\"a\": NaN, \"b\": Infinity, \"c\": -Infinity, \"d\": 1e400, \"e\": -0.0, \"f\": 123456789012345678901234567890}",
                    "{\"k\": \"\u00c3\u00a9\", \"\\ud800\": \"\\udc00\", \"k\": 2}",
                    " [1, 2] ",
                    "{}"),
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "\"",
                    "\\",
                    "\\u",
                    "\\ud83d",
                    "null",
                    "NaN",
                    "-",
                    "e",
                    "E+",
                    ".",
                    "0",
                    "\u00ff\u00fe",
                    "\u00fe\u00ff",
                    "\u00ef\u00bb\u00bf",
                    "\0",
                    "\u00c0\u0080",
                    "\u00ed\u00a0\u0080",
                    "\u00f4\u0090\u0080\u0080",
                    " \t\r\n",
                    "[[[[[[[[",
                    "\"a\": "));

    private static final List<Charset> ENCODINGS = List.of(
            StandardCharsets.UTF_16, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE, Charset.forName("UTF-32"));

    /** Mostly bytes as they are, sometimes in one of the encodings that are known again by their zeros. */
    private static byte[] body(Random random) {
        if (random.nextInt(5) > 0) {
            return BODIES.mutant(random);
        }
        byte[] encoded = BODIES.text(random).getBytes(ENCODINGS.get(random.nextInt(ENCODINGS.size())));
        return random.nextInt(4) > 0 || encoded.length == 0
                ? encoded
                : java.util.Arrays.copyOf(encoded, random.nextInt(encoded.length));
    }

    @Test
    void aBodyHasOneCanonicalTextOrIsRefused() {
        Fuzz.holds(10_000, random -> {
            byte[] body = body(random);
            try {
                String text = CanonicalJson.ofObject(body);
                assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
                if (!text.isEmpty()) {
                    assertEquals(text, CanonicalJson.ofObject(text.getBytes(StandardCharsets.US_ASCII)));
                }
            } catch (JsonParseException refused) {
                assertTrue(refused.getMessage().length() < 200, refused.getMessage());
            }
        });
    }

    @Test
    void membersAreReadOrRefused() {
        Fuzz.holds(10_000, random -> {
            try {
                JsonMembers members = JsonMembers.read(body(random));
                members.canonical("a");
                members.text("x");
                members.flag("paired");
                members.integer("workspace");
            } catch (JsonParseException refused) {
                assertTrue(refused.getMessage().length() < 200, refused.getMessage());
            }
        });
    }
}
