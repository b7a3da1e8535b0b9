package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A part's name and filename as the clients in use write them. */
class PartHeadersTest {

    private static PartHeaders parse(String disposition) {
        return parseBlock("Content-Disposition: " + disposition);
    }

    private static PartHeaders parseBlock(String block) {
        return PartHeaders.parse(block.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "form-data; name=\"file\"; filename=\"a.txt\"                    | file | a.txt",
                "form-data; name=file; filename=a.txt                            | file | a.txt",
                "form-data; filename=\"a.txt\"; name=\"file\"                    | file | a.txt",
                "form-data;name=\"file\";filename=\"a.txt\"                      | file | a.txt",
                "form-data; NAME=\"file\"; FileName=\"a.txt\"                    | file | a.txt",
                "form-data; name = \"file\" ; filename=\"a.txt\"                 | file | a.txt",
                "form-data; name=\"file\"                                        | file | none",
                "form-data; name=\"file\"; filename=\"\"                         | file | ``",
                "form-data; filename=\"a.txt\"                                   | ``   | a.txt",
                "form-data                                                       | ``   | none",
                "form-data; name=\"file\"; filename=\"a;b=\\\"c\\\".txt\"        | file | a;b=\"c\".txt",
                "form-data; name=\"file\"; filename=\"name=x; filename=y\"       | file | name=x; filename=y",
                "form-data; name=\"file\"; filename=\"a\\\\b\"                   | file | a\\b",
                "form-data; name=\"file\"; filename=\"C:\\data\\a.txt\"          | file | a.txt",
                "form-data; name=\"file\"; filename=\"\\\\host\\share\\a.txt\"   | file | a.txt",
                "form-data; name=\"file\"; filename=\"data\\a.txt\"              | file | data\\a.txt",
                "form-data; name=\"file\"; filename*=iso-8859-1''na%EFve.txt  | file | na\u00efve.txt",
                "form-data; name=\"file\"; filename=\"first\"; filename=\"second\" | file | second",
                "form-data; name=\"file\"; filename=\"na\u00efve.txt\"           | file | na\u00efve.txt",
                "form-data; name=\"file\"; filename*=UTF-8''na%C3%AFve.txt       | file | na\u00efve.txt",
                "form-data; name=\"file\"; filename=\"x\"; filename*=UTF-8''%e6%97%a5.txt | file | \u65e5.txt",
                "form-data; name=\"file\"; filename*=UTF-8''%e6%97%a5.txt; filename=\"x\" | file | \u65e5.txt",
                "form-data; name=\"file\"; filename*=utf-8'en'a+b%20c.txt        | file | a+b c.txt",
                "form-data; name=\"file\"; filename*=UTF-8''bad%zz               | file | bad%zz",
                "form-data; name=\"file\"; filename=\"not ended                  | file | `\"not ended`",
                "form-data; name=\"file\"; filename=\"C:\\data\\reads\\\"       | file | ``",
            })
    void nameAndFilename(String disposition, String name, String filename) {
        isNamed(name, Optional.ofNullable(filename), parse(disposition));
    }

    private static void isNamed(String name, Optional<String> filename, PartHeaders headers) {
        assertEquals(name, headers.name());
        assertEquals(filename, headers.filename());
    }

    @Test
    void otherHeadersAreKeptByNameInAnyCaseAndJoined() {
        PartHeaders headers =
                parseBlock("X-One: 1\r\nContent-Disposition: form-data; name=\"file\"\r\nx-one:  2 \r\nnonsense");
        assertEquals(Optional.of("1, 2"), headers.field("X-ONE"));
        assertEquals(Optional.empty(), headers.field("X-Two"));
    }

    @Test
    void theFirstDispositionCounts() {
        PartHeaders headers = parseBlock("Content-Type: text/plain; name=other\r\n"
                + "content-disposition: form-data; name=file; filename=first\r\n"
                + "Content-Disposition: form-data; name=file; filename=second");
        isNamed("file", Optional.of("first"), headers);
    }

    @Test
    void bytesThatAreNoUtf8AreLatin1() {
        byte[] latin1 = "Content-Disposition: form-data; name=file; filename=na\u00efve.txt"
                .getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(Optional.of("na\u00efve.txt"), PartHeaders.parse(latin1).filename());
    }

    @Test
    void aLineThatContinuesAnotherIsNoHeader() {
        PartHeaders headers = parseBlock("X-Note: a\r\n Content-Disposition: form-data; name=other; filename=x\r\n"
                + "Content-Disposition : form-data; name=file; filename=a.txt\nContent-Type: text/plain; name=other");
        isNamed("file", Optional.of("a.txt"), headers);
    }

    @Test
    void aLongFilenameDoesNotOverrunTheStack() {
        String filename = "n".repeat(15_000) + "\\\"";
        PartHeaders headers = parse("form-data; name=file; filename=\"" + filename + "\"");
        assertEquals(Optional.of("n".repeat(15_000) + "\""), headers.filename());
    }
}
