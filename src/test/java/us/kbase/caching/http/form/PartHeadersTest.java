package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A part's name and filename as the clients in use write them. */
class PartHeadersTest {

    private static PartHeaders parse(String disposition) {
        return PartHeaders.parse("Content-Disposition: " + disposition);
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
                "form-data; name=\"file\"; filename=\"C:\\data\\a.txt\"          | file | C:\\data\\a.txt",
                "form-data; name=\"file\"; filename=\"first\"; filename=\"second\" | file | first",
                "form-data; name=\"file\"; filename=\"na\u00efve.txt\"           | file | na\u00efve.txt",
                "form-data; name=\"file\"; filename*=UTF-8''na%C3%AFve.txt       | file | na\u00efve.txt",
                "form-data; name=\"file\"; filename=\"x\"; filename*=UTF-8''%e6%97%a5.txt | file | \u65e5.txt",
                "form-data; name=\"file\"; filename*=UTF-8''%e6%97%a5.txt; filename=\"x\" | file | \u65e5.txt",
                "form-data; name=\"file\"; filename*=utf-8'en'a+b%20c.txt        | file | a+b c.txt",
                "form-data; name=\"file\"; filename*=UTF-8''bad%zz               | file | bad%zz",
                "form-data; name=\"file\"; filename=\"not ended                  | file | none",
            })
    void nameAndFilename(String disposition, String name, String filename) {
        assertEquals(new PartHeaders(name, Optional.ofNullable(filename), Map.of()), parse(disposition));
    }

    @Test
    void theFirstDispositionCounts() {
        PartHeaders headers = PartHeaders.parse("Content-Type: text/plain; name=other\r\n"
                + "content-disposition: form-data; name=file; filename=first\r\n"
                + "Content-Disposition: form-data; name=file; filename=second");
        assertEquals("file", headers.name());
        assertEquals(Optional.of("first"), headers.filename());
    }

    @Test
    void aLongFilenameDoesNotOverrunTheStack() {
        String filename = "n".repeat(15_000) + "\\\"";
        PartHeaders headers = parse("form-data; name=file; filename=\"" + filename + "\"");
        assertEquals(Optional.of("n".repeat(15_000) + "\""), headers.filename());
    }

    @Test
    void otherHeadersAreKeptByNameInAnyCaseAndJoined() {
        PartHeaders headers = PartHeaders.parse(
                "X-One: 1\r\nContent-Disposition: form-data; name=\"file\"\r\nx-one:  2 \r\nnonsense");
        assertEquals("file", headers.name());
        assertEquals(Optional.of("1, 2"), headers.field("X-ONE"));
        assertEquals(Optional.empty(), headers.field("X-Two"));
    }
}
