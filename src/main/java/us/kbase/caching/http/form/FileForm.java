package us.kbase.caching.http.form;

import java.util.Optional;
import us.kbase.caching.http.content.Parameters;

/** What the headers of a multipart/form-data request say (RFC 7578, RFC 2046 section 5.1.1). */
public final class FileForm {

    private static final String TYPE = "multipart/form-data";
    private static final int BOUNDARY_CHARS_MAX = 200;

    private FileForm() {}

    /** The boundary of a multipart/form-data content type; nothing for any other type, or without a usable boundary. */
    public static Optional<String> boundary(String contentType) {
        int typeEnd = contentType.indexOf(';');
        if (typeEnd < 0 || !contentType.substring(0, typeEnd).strip().equalsIgnoreCase(TYPE)) {
            return Optional.empty();
        }
        return Optional.ofNullable(Parameters.of(contentType).get("boundary")).filter(FileForm::usable);
    }

    private static boolean usable(String boundary) {
        return !boundary.isEmpty() && boundary.length() <= BOUNDARY_CHARS_MAX && boundary.indexOf('"') < 0;
    }
}
