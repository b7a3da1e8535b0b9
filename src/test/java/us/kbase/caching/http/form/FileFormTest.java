package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which content types are a form with a usable boundary; every other upload is refused before its body is read. */
class FileFormTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/form-data; boundary=abc             | abc",
                "multipart/form-data;boundary=abc              | abc",
                "Multipart/Form-Data; BOUNDARY=aBc             | aBc",
                "multipart/form-data ; boundary=abc            | abc",
                "multipart/form-data; boundary=\"a b;c=d\"     | a b;c=d",
                "multipart/form-data; charset=utf-8; boundary=abc; x=y | abc",
                "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk | ----WebKitFormBoundary7MA4YWxk",
                "multipart/form-data; boundary=first; boundary=second | second",
                "multipart/form-data; note=\"; boundary=inside\"; boundary=outside | outside",
            })
    void theBoundary(String contentType, String boundary) {
        assertEquals(Optional.of(boundary), FileForm.boundary(contentType));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "multipart/form-data",
                "multipart/form-data;",
                "multipart/form-data; boundary",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"\"",
                "multipart/form-data; boundary=\"not ended",
                "multipart/form-data; boundary=a\"b",
                "multipart/form-data; xboundary=abc",
                "multipart/form-data-other; boundary=abc",
                "multipart/mixed; boundary=abc",
                "application/octet-stream; boundary=abc",
            })
    void noUsableBoundary(String contentType) {
        assertEquals(Optional.empty(), FileForm.boundary(contentType));
    }

    /** Cut to the limit it would be a beginning of the true one. */
    @Test
    void anOverlongBoundaryIsNoneAndIsNotCut() {
        assertEquals(
                Optional.of("b".repeat(200)), FileForm.boundary("multipart/form-data; boundary=" + "b".repeat(200)));
        assertEquals(Optional.empty(), FileForm.boundary("multipart/form-data; boundary=" + "b".repeat(201)));
        assertEquals(Optional.empty(), FileForm.boundary("multipart/form-data; boundary=\"" + "b".repeat(201) + "\""));
    }
}
