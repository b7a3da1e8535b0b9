package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.store.s3.error.Refusal;

class RefusalTest {

    @ParameterizedTest
    @EnumSource
    void everyCodeLeadsToItsRow(Refusal row) {
        row.codes().forEach(code -> assertEquals(row, Refusal.of(403, code)));
    }

    @Test
    void noCodeStandsInTwoRows() {
        Set<String> codes = new HashSet<>();
        for (Refusal row : Refusal.values()) {
            row.codes().forEach(code -> assertTrue(codes.add(code), code));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRowIsOneSentenceWithARemedy(Refusal row) {
        String sentence = row.sentence("https://s3.example", "403 Code; bucket b");
        assertTrue(
                sentence.matches("The S3 server at https://s3.example [a-z].* \\(403 Code; bucket b\\): [a-z].*\\."),
                sentence);
        assertFalse(sentence.contains(". "), sentence);
    }

    /** A start must not end by what a proxy, a clock or a busy server says, nor go on against what only somebody can change. */
    @ParameterizedTest
    @CsvSource({
        "403, '', PASSES",
        "400, '', PASSES",
        "404, '', PASSES",
        "502, '', PASSES",
        "503, SlowDown, PASSES",
        "403, RequestTimeTooSkewed, PASSES",
        "418, SomethingNew, PASSES",
        "403, SignatureDoesNotMatch, FINAL",
        "403, AccessDenied, FINAL",
        "301, PermanentRedirect, FINAL",
        "400, InvalidBucketName, FINAL",
    })
    void whatMayPassIsNotFinal(int status, String code, Refusal.Outcome outcome) {
        assertEquals(outcome, Refusal.of(status, code).outcome());
    }
}
