package us.kbase.caching.cache.filename;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.cache.Entry;

/** The stored filename, as Werkzeug's secure_filename gave it for each of these, and our names for what it leaves empty. */
class SecureFilenameTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "reads.fa.gz                 | reads.fa.gz",
                "../a b/My File (1).fa.gz    | a_b_My_File_1.fa.gz",
                "/etc/passwd                 | etc_passwd",
                "a/../b                      | a_.._b",
                "a//b                        | a_b",
                "C:\\x\\y.txt                | Cxy.txt",
                "`  a  b  `                  | a_b",
                "`a\tb\nc`                   | a_b_c",
                "`a\u001cb`                  | a_b",
                "`a \u001f b`                | a_b",
                "`a\u0000b`                  | ab",
                "`x\u00a0y`                  | x_y",
                "`a\u2003b`                  | a_b",
                "`a\u2028b`                  | ab",
                "na\u00efve.txt              | naive.txt",
                "\u00c5ngstr\u00f6m          | Angstrom",
                "\u2167                      | VIII",
                "\u00bd                      | 12",
                "..hidden                    | hidden",
                "trailing._.                 | trailing",
                "a+b&c;d                     | abcd",
                "-rf                         | -rf",
                "%2e%2e%2f                   | 2e2e2f",
            })
    void isTheOriginals(String sent, String stored) {
        assertEquals(stored, SecureFilename.of(sent));
    }

    @ParameterizedTest
    @CsvSource({
        "'', file",
        "../, file",
        "\u65e5\u672c, file",
        "._._, file",
        "placeholder, placeholder_",
        "/placeholder, placeholder_"
    })
    void isNeverEmptyAndNeverThePlaceholders(String sent, String stored) {
        assertEquals(stored, SecureFilename.of(sent));
    }

    @Property
    void isAlwaysPlainAsciiOfBoundedLength(@ForAll String sent) {
        String stored = SecureFilename.of(sent.repeat(5));
        assertTrue(stored.matches("[A-Za-z0-9_.-]{1,255}"), stored);
        assertNotEquals(Entry.PLACEHOLDER, stored);
    }
}
