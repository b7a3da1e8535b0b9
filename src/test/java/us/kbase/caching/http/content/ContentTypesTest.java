package us.kbase.caching.http.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The type of a download by its stored filename, the same on every machine. */
class ContentTypesTest {

    @ParameterizedTest
    @CsvSource({
        "data.txt, text/plain; charset=utf-8",
        "DATA.TXT, text/plain; charset=utf-8",
        "run.log, text/plain; charset=utf-8",
        "table.csv, text/csv; charset=utf-8",
        "table.tsv, text/tab-separated-values; charset=utf-8",
        "report.html, text/html; charset=utf-8",
        "params.json, application/json",
        "a.b.json, application/json",
        "paper.pdf, application/pdf",
        "archive.zip, application/zip",
        "archive.tar, application/x-tar",
        "plot.png, image/png",
        "plot.svg, image/svg+xml",
        // What has no type of its own, and what is compressed, is bytes.
        "reads.bam, application/octet-stream",
        "reads.fa, application/octet-stream",
        "reads.fastq.gz, application/octet-stream",
        "notes.txt.gz, application/octet-stream",
        "archive.tar.gz, application/octet-stream",
        "archive.tgz, application/octet-stream",
        "x.unknown, application/octet-stream",
        "file., application/octet-stream",
        // A name without a dot has no extension, whatever it says.
        "file, application/octet-stream",
        "json, application/octet-stream",
        "txt, application/octet-stream",
        "html, application/octet-stream",
    })
    void ofAFilename(String filename, String type) {
        assertEquals(type, ContentTypes.of(filename));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | true",
                "Text/Plain; charset=utf-8 | true",
                "application/vnd.ms-excel | true",
                "application/atom+xml | true",
                "text | false",
                "text/ | false",
                "/plain | false",
                "text/pl ain | false",
                "text/plain/x | false",
                "'' | false",
                "text/plain; name=\u00fc | false",
            })
    void aMediaTypeHasATypeAndASubtype(String text, boolean is) {
        assertEquals(is, ContentTypes.isMediaType(text));
    }

    @Test
    void aMediaTypeIsShort() {
        assertFalse(ContentTypes.isMediaType("text/" + "x".repeat(251)));
    }
}
