package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import us.kbase.caching.cache.filename.SecureFilename;
import us.kbase.caching.cache.filename.SentName;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.cache.id.JsonMembers;
import us.kbase.caching.cache.id.JsonParseException;
import us.kbase.caching.store.Stored;

/**
 * The scans of names agree with the regular expressions that they took the place of, and take time linear in what a client
 * sends: at 4 Mi characters a scan that costs the square of its text takes hours, a linear one less than a second.
 */
class HandScansTest {

    private static final int LONG = 4 << 20;

    /** What separates, what is kept, what is stripped, what NFKD takes apart or puts in order, and whatever else there is. */
    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                        Arbitraries.of(
                                ".",
                                "..",
                                "_",
                                " ",
                                "/",
                                "\\",
                                "\t",
                                "\n",
                                "\r",
                                "\u000b",
                                "\u000c",
                                "\u001c",
                                "\u001f",
                                "\u0085",
                                "\u00a0",
                                "\u2028",
                                "a",
                                "Z",
                                "0",
                                "-",
                                "\u00e9",
                                "\u0344",
                                "\u0301",
                                "\u0323",
                                "\u2026",
                                "\u2167",
                                "\uac00",
                                "\ufdfa",
                                "\ud83d\ude00",
                                "\ud800",
                                "placeholder"),
                        Arbitraries.strings().ofMaxLength(3))
                .list()
                .ofMaxSize(16)
                .map(pieces -> String.join("", pieces));
    }

    private static String byExpressions(String sent) {
        String ascii = Normalizer.normalize(sent, Normalizer.Form.NFKD).replaceAll("[^\\x00-\\x7f]", "");
        String joined = ascii.replace('/', ' ').strip().replaceAll("[\\s\\x1c-\\x1f]+", "_");
        String safe = joined.replaceAll("[^A-Za-z0-9_.-]", "").replaceAll("^[._]+|[._]+$", "");
        String cut = safe.substring(0, Math.min(255, safe.length()));
        return cut.isEmpty() ? "file" : cut.equals("placeholder") ? "placeholder_" : cut;
    }

    @Property(tries = 4000)
    void aNameIsStoredAsTheExpressionsDid(@ForAll("names") String sent) {
        assertEquals(byExpressions(sent), SecureFilename.of(sent));
    }

    @Property(tries = 2000)
    void aNameIsShownAsTheExpressionDid(@ForAll("encoded") String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            boolean escape = encoded.startsWith("%", i) && encoded.substring(i).matches("(?s)%[0-9A-Fa-f]{2}.*");
            bytes.write(escape ? Integer.parseInt(encoded.substring(i + 1, i + 3), 16) : encoded.charAt(i));
            i += escape ? 2 : 0;
        }
        assertEquals(bytes.toString(StandardCharsets.UTF_8), SentName.of(sentAs(encoded)));
    }

    @Provide
    Arbitrary<String> encoded() {
        return Arbitraries.strings().withChars("%%%09afAFgz\n\u00e9").ofMaxLength(24);
    }

    private static Stored sentAs(String encoded) {
        return new Stored("id", "etag", 0, Map.of("filename-sent", encoded));
    }

    @Test
    void aSentNameComesBackWhole() {
        Map<String, String> metadata = new HashMap<>();
        SentName.add(metadata, "a b/\u00e9\ud83d\ude00%41~.txt");
        assertEquals("a%20b%2F%C3%A9%F0%9F%98%80%2541~.txt", metadata.get("filename-sent"));
        assertEquals("a b/\u00e9\ud83d\ude00%41~.txt", SentName.of(new Stored("id", "etag", 0, metadata)));
    }

    @Property(tries = 1000)
    void anIdIsWhatTheExpressionMatched(@ForAll("ids") String text) {
        assertEquals(text.matches("[0-9A-Za-z_-]{1,128}"), CacheId.parse(text).isPresent());
        assertEquals(text.matches("[0-9A-Za-z_-]{0,128}"), CacheId.isPrefix(text));
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings()
                .withCharRange('-', 'z')
                .withChars("\n\u00e9")
                .ofMaxLength(6)
                .flatMap(text -> Arbitraries.of(text, text + "a".repeat(122), "a".repeat(128) + text));
    }

    @Property(tries = 1000)
    void anIntegerIsWhatTheExpressionMatched(@ForAll("numbers") String text) throws JsonParseException {
        Optional<Integer> expected = text.matches("-?\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
        assertEquals(expected, integer(text));
    }

    @Provide
    Arbitrary<String> numbers() {
        return Arbitraries.bigIntegers().map(Object::toString);
    }

    private static Optional<Integer> integer(String text) throws JsonParseException {
        try {
            return JsonMembers.read(("{\"n\":" + text + "}").getBytes(StandardCharsets.UTF_8))
                    .integer("n");
        } catch (JsonParseException noInteger) {
            return Optional.empty();
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aNameOfDotsCostsItsLength() {
        assertEquals("a", SecureFilename.of(".".repeat(LONG) + "a" + "._".repeat(LONG)));
        assertTrue(SecureFilename.of("a" + ".".repeat(LONG) + "a").startsWith("a.."));
        assertEquals("a_b", SecureFilename.of("a" + " /".repeat(LONG) + "b"));
    }

    /** Marks that a normal form has to put in order, each before all that came already. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aNameOfMarksOutOfOrderCostsItsLength() {
        assertEquals("a", SecureFilename.of("a" + "\u0301".repeat(LONG / 16) + "\u0323".repeat(LONG / 16)));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void showingANameCostsItsLength() {
        assertEquals(LONG, SentName.of(sentAs("%41".repeat(LONG))).length());
        assertEquals(LONG, SentName.of(sentAs("%".repeat(LONG))).length());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLongNumberIsRefusedAtOnce() throws JsonParseException {
        assertEquals(Optional.empty(), integer("1".repeat(LONG)));
        assertEquals("x".repeat(80), new us.kbase.caching.lease.LeaseRecord.Held("", "x".repeat(LONG), 1, 1).holder());
    }
}
