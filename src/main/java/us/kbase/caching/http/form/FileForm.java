package us.kbase.caching.http.form;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the headers of a multipart/form-data request say (RFC 7578, RFC 2046 section 5.1.1). */
public final class FileForm {

    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"]{1,200})\"|([^\\s;\"]{1,200}))", Pattern.CASE_INSENSITIVE);

    private FileForm() {}

    /** The boundary of a multipart/form-data content type; nothing for any other type, or without a usable boundary. */
    public static Optional<String> boundary(String contentType) {
        if (!contentType.regionMatches(true, 0, "multipart/form-data", 0, 19)) {
            return Optional.empty();
        }
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }

    /** The shortest end that a form with this boundary can have after its last part. */
    static int closingBytes(String boundary) {
        return boundary.getBytes(StandardCharsets.ISO_8859_1).length + 6;
    }
}
