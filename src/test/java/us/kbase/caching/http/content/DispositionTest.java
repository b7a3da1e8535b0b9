package us.kbase.caching.http.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.cache.filename.SecureFilename;
import us.kbase.caching.text.AsciiSet;

/** How a file is called when it is sent, and how a client says it (RFC 6266). */
class DispositionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "reads.bam         | attachment; filename=\"reads.bam\"",
                "My File (1).fa.gz | attachment; filename=\"My File (1).fa.gz\"",
                "../a b/c.bin      | attachment; filename=\"c.bin\"",
                "C:\\dir\\c.bin    | attachment; filename=\"c.bin\"",
                "gr\u00fcn.bin     | attachment; filename=\"grun.bin\"; filename*=UTF-8''gr%C3%BCn.bin",
                "\u65e5\u672c      | attachment; filename=\"file\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC",
                "a\"b.bin          | attachment; filename=\"ab.bin\"; filename*=UTF-8''a%22b.bin",
                "100%41.bin        | attachment; filename=\"10041.bin\"; filename*=UTF-8''100%2541.bin",
                "..                | attachment; filename=\"file\"",
            })
    void aNameIsSentPlainOrInBothForms(String sent, String header) {
        assertEquals(header, Disposition.of("application/octet-stream", SecureFilename.of(sent), sent));
    }

    @Test
    void aNameThatNobodyKeptIsTheSafeOne() {
        assertEquals("attachment; filename=\"x.bin\"", Disposition.of("application/octet-stream", "x.bin", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain; charset=utf-8, inline",
        "TEXT/CSV, inline",
        "application/pdf, inline",
        "image/png, inline",
        "text/html; charset=utf-8, attachment",
        "Text/HTML, attachment",
        "image/svg+xml, attachment",
        "text/xml; charset=utf-8, attachment",
        "application/xml, attachment",
        "application/xhtml+xml, attachment",
        "application/octet-stream, attachment",
        "application/x-unknown, attachment",
    })
    void onlyKnownTypesThatCannotActAreShown(String type, String shown) {
        assertEquals(shown + "; filename=\"x\"", Disposition.of(type, "x", "x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "attachment; filename=\"a b.txt\"                        | a b.txt",
                "attachment; filename=plain.txt                          | plain.txt",
                "attachment; filename=\"x\"; filename*=UTF-8''gr%C3%BCn  | gr\u00fcn",
                "inline; FileName*=utf-8'de'%e2%82%ac.txt                | \u20ac.txt",
                "attachment                                              | none",
            })
    void aClientsNameIsRead(String header, String name) {
        assertEquals(name, Disposition.filenameOfHeader(header).orElse("none"));
    }

    @Test
    void bytesOfAHeaderAreUtf8WhereTheyCanBe() {
        String utf8 = new String(
                "attachment; filename=\"gr\u00fcn\"".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertEquals(Optional.of("gr\u00fcn"), Disposition.filenameOfHeader(utf8));
        assertEquals(Optional.of("gr\u00fcn"), Disposition.filenameOfHeader("attachment; filename=\"gr\u00fcn\""));
    }

    /** No name of a client's ends the header, its quotes, or begins another. */
    @Property(tries = 2000)
    void whateverANameIsTheHeaderIsPrintableAndReadsBack(@ForAll String sent) {
        String header = Disposition.of("application/octet-stream", SecureFilename.of(sent), sent);
        assertTrue(AsciiSet.PRINTABLE.spells(header, 1, Integer.MAX_VALUE), header);
        assertEquals(2, header.chars().filter(c -> c == '"').count());
        assertTrue(Disposition.filename(header).isPresent());
    }
}
