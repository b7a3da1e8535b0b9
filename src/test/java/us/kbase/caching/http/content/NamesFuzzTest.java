package us.kbase.caching.http.content;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.filename.SecureFilename;
import us.kbase.caching.cache.filename.SentName;
import us.kbase.caching.store.Stored;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;
import us.kbase.caching.text.AsciiSet;

/** Names of files, as clients and other writers send them: stored safely, sent in one header, and read back as they were. */
class NamesFuzzTest {

    private static final AsciiSet SAFE = AsciiSet.ALPHANUMERIC.with("_.-");

    private static final Corpus HEADERS = Corpus.of(
            List.of(
                    "attachment; filename=\"reads.fa\"",
                    "form-data; name=\"file\"; filename=\"a \\\"b\\\" c.txt\"",
                    "attachment; filename=plain.txt; filename*=UTF-8''%e2%82%ac%20rates.txt",
                    "inline; filename*=iso-8859-1'en'%A3%20rates",
                    "form-data; filename=\"C:\\dir\\file.txt\""),
            List.of(
                    "; ",
                    "=",
                    "\"",
                    "\\",
                    "'",
                    "''",
                    "%",
                    "%00",
                    "%c0%ae",
                    "filename",
                    "filename*",
                    "UTF-8''",
                    "\r\n",
                    "\0"));

    private static final Corpus NAMES = Corpus.of(
            List.of(
                    "reads.fa",
                    "../../etc/passwd",
                    "a\\b",
                    "na\u00efve.txt",
                    "CON",
                    "placeholder",
                    ".hidden",
                    "a\"b;c",
                    ""),
            List.of("/", "\\", "..", ".", "\r\n", "\0", "\"", ";", "%2f", "\u00e9", "\u00a0", "placeholder", "_"));

    /** Also letters of other scripts, marks, what shows nothing, and half characters. */
    private static String name(Random random) {
        StringBuilder name = new StringBuilder(NAMES.text(random));
        for (int more = random.nextInt(4); more > 0; more--) {
            int codePoint = random.nextInt(8) == 0 ? 0xd800 + random.nextInt(0x800) : random.nextInt(0x110000);
            name.insert(random.nextInt(name.length() + 1), Character.toString(codePoint));
        }
        return name.toString();
    }

    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    @Test
    void aHeaderFromOutsideHasANameOrNone() {
        Fuzz.holds(10_000, random -> {
            String value = HEADERS.text(random);
            for (Optional<String> name : List.of(Disposition.filename(value), Disposition.filenameOfHeader(value))) {
                assertTrue(name.orElse("").length() <= value.length(), value);
            }
        });
    }

    @Test
    void aStoredNameIsSafe() {
        Fuzz.holds(10_000, random -> {
            String safe = SecureFilename.of(name(random));
            assertTrue(SAFE.spells(safe, 1, 255) && !safe.startsWith(".") && !safe.equals("placeholder"), safe);
        });
    }

    @Test
    void aSentHeaderIsOneLineThatGivesTheNameBack() {
        Fuzz.holds(10_000, random -> {
            String sent = name(random);
            String header = Disposition.of(ContentTypes.of(sent), SecureFilename.of(sent), sent);
            assertTrue(AsciiSet.PRINTABLE.spells(header, 1, Integer.MAX_VALUE), header);
            String read = Disposition.filename(header).orElseThrow();
            assertFalse(read.contains("/") || read.contains("\\") || read.equals(".."), read);
            String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
            if (isText(sent) && !last.isBlank() && last.codePoints().noneMatch(Character::isISOControl)) {
                assertTrue(last.equals(read) || last.equals(".") || last.equals(".."), sent + " as " + header);
            }
        });
    }

    @Test
    void aKeptNameFitsIntoTheMetadataAndIsTheBeginOfTheSentOne() {
        Fuzz.holds(10_000, random -> {
            String sent = name(random);
            Map<String, String> metadata = new HashMap<>(Map.of("token_id", "url:me", "filename", "f"));
            SentName.add(metadata, sent);
            int bytes = metadata.entrySet().stream()
                    .mapToInt(
                            entry -> entry.getKey().length() + entry.getValue().length())
                    .sum();
            assertTrue(bytes <= 1536, bytes + " bytes");
            String kept = SentName.of(new Stored("key", "\"e\"", 1, metadata));
            assertTrue(!isText(sent) || sent.startsWith(kept), kept);
        });
    }
}
