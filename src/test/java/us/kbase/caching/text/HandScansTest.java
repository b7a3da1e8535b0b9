package us.kbase.caching.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scans by hand agree with the regular expressions that they took the place of. */
class HandScansTest {

    private static final AsciiSet ID = AsciiSet.ALPHANUMERIC.with("_-");

    /** Mostly what a scan decides on, with digits of other scripts, surrogates and controls between. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("09azAZ_-.~!% \t\n\u0000\u007f\u0080\u0085\u00e9\u0661\u2028")
                .withChars('\ud800', '\udfff')
                .ofMaxLength(24);
    }

    @Property(tries = 2000)
    void aSetSpellsWhatItsClassMatches(@ForAll("texts") String text) {
        assertEquals(text.matches("[0-9A-Za-z_-]{1,8}"), ID.spells(text, 1, 8));
        assertEquals(text.matches("[ -~]*"), AsciiSet.PRINTABLE.spells(text, 0, text.length()));
        assertEquals(text.matches("[0-9a-f]*"), AsciiSet.LOWER_HEX.spells(text, 0, text.length()));
    }

    @Property(tries = 2000)
    void aShownTextHasAMarkForEachOtherCharacter(@ForAll("texts") String text) {
        String marked = text.replaceAll("[^!-~]", "?");
        assertEquals(marked, AsciiSet.VISIBLE.shown(text, 100));
        assertEquals(marked.substring(0, Math.min(5, marked.length())), AsciiSet.VISIBLE.shown(text, 5));
    }

    @Property(tries = 2000)
    void aNumberIsWhatItsDigitsSay(@ForAll("digits") String text) {
        assertEquals(
                text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty(),
                Decimal.parse(text, 18));
    }

    @Provide
    Arbitrary<String> digits() {
        return Arbitraries.strings()
                .withCharRange('0', '9')
                .withChars("-+ \u0661")
                .ofMaxLength(20);
    }

    @Property(tries = 1000)
    void decodingTakesBackEncoding(@ForAll String text) {
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder();
        valid.codePoints().forEach(codePoint -> encoded.append(PercentEncoding.encode(codePoint)));
        assertEquals(Optional.of(valid), PercentEncoding.decode(encoded));
    }

    @ParameterizedTest
    @CsvSource({"a%20b, a b", "a+b, a+b", "%c3%A9, \u00e9", "'', ''", "%00, '\0'"})
    void escapesAreBytesAndAPlusIsAPlus(String encoded, String text) {
        assertEquals(Optional.of(text), PercentEncoding.decode(encoded));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%", "%4", "%zz", "%4g", "a%", "%+1", "%c3", "%ff", "%c0%80", "%ed%a0%80", "\u00e9", " ", "\n"})
    void whatIsNoPercentEncodedUtf8IsNothing(String encoded) {
        assertEquals(Optional.empty(), PercentEncoding.decode(encoded));
    }

    @Test
    void aSetHoldsAsciiOnly() {
        assertThrows(IllegalArgumentException.class, () -> AsciiSet.of("\u00e9"));
    }
}
