package us.kbase.caching.http.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.failure.Failure;

/** What stands behind the question mark: read in one way only, or refused with a sentence that names the parameter. */
class QueryTest {

    private static final Set<String> NAMES = Set.of("dry_run", "limit", "text");

    private static Query query(String text) {
        return Query.parse(text, NAMES);
    }

    private static String refused(String text) {
        return String.valueOf(assertThrows(Failure.BadInput.class, () -> {
                    Query query = query(text);
                    boolean flag = query.flag("dry_run");
                    throw new AssertionError(flag + " " + query.integer("limit", 1, 1000));
                })
                .getMessage());
    }

    @Test
    void nothingIsAsked() {
        assertFalse(query("").flag("dry_run"));
        assertEquals(Optional.empty(), query("").integer("limit", 1, 2));
        assertEquals(Optional.empty(), query("&&").text("text"));
    }

    @Test
    void valuesAreDecoded() {
        Query query = query("text=a%20b+c%C3%A9=&dry_run=tr%75e&li%6dit=07&");
        assertEquals(Optional.of("a b+c\u00e9="), query.text("text"));
        assertTrue(query.flag("dry_run"));
        assertEquals(Optional.of(7), query.integer("limit", 1, 1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "yes", "TRUE", "True", "", "tru", "true%00", "+true"})
    void aFlagIsTrueOrFalse(String value) {
        assertEquals("dry_run must be true or false", refused("dry_run=" + value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "", "-1", "+1", "1.0", "1e2", "99999999999999999999", "%D9%A1", "1%20"})
    void aNumberIsInItsRange(String value) {
        assertEquals("limit must be a whole number from 1 to 1000", refused("limit=" + value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "%", "%4", "%ff", "%c0%80", "\u00e9", " "})
    void aValueIsPercentEncodedUtf8(String value) {
        assertEquals("limit must be percent-encoded UTF-8", refused("limit=" + value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dryrun=true      | Unknown query parameter: dryrun; this route takes dry_run, limit, text",
                "limit=1&Limit=1  | Unknown query parameter: Limit; this route takes dry_run, limit, text",
                "=1               | Unknown query parameter: ; this route takes dry_run, limit, text",
                "%zz=1            | Unknown query parameter: %zz; this route takes dry_run, limit, text",
                "dry_run          | dry_run must have a value: dry_run=...",
                "limit=1&limit=1  | limit must stand in the query once",
                "limit=1&li%6dit=2| limit must stand in the query once",
            })
    void aNameIsKnownAndStandsOnceAndHasAValue(String text, String sentence) {
        assertEquals(sentence, refused(text));
    }

    @Test
    void aNameThatIsShownIsShortAndPrintable() {
        assertEquals(
                "Unknown query parameter: ??" + "x".repeat(62) + "; this route takes dry_run, limit, text",
                refused("\u00e9\u001b" + "x".repeat(4000)));
    }

    @Test
    void aRouteWithoutParametersSaysSo() {
        Failure refused = assertThrows(
                Failure.BadInput.class, () -> Query.parse("x=1", Set.of()).flag("x"));
        assertEquals("Unknown query parameter: x; this route takes none", refused.getMessage());
    }

    @Property(tries = 2000)
    void noTextDoesAnythingElse(@ForAll String text) {
        try {
            assertTrue(query(text).text("text").isEmpty() || text.contains("text="));
        } catch (Failure.BadInput sentence) {
            assertFalse(String.valueOf(sentence.getMessage()).isEmpty());
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aQueryCostsItsLength() {
        assertEquals(Optional.empty(), query("&".repeat(4 << 20)).text("text"));
        assertEquals("limit must be percent-encoded UTF-8", refused("limit=" + "%".repeat(4 << 20)));
    }
}
