package us.kbase.caching.stress.load;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A request's body: a file with something before and after it.
 *
 * @param before sent first
 * @param file the file, if the body has one
 * @param after sent last
 */
public record Payload(Buffer before, Optional<Content.File> file, Buffer after) {

    /** No body. */
    public static final Payload NONE = of(Buffer.buffer());

    private static final String BOUNDARY = "------------------------caching-service-stress";
    private static final Buffer FORM_BEGIN = Buffer.buffer("--" + BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"result.bin\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n");

    /** What stands behind the file in {@link #form}. */
    public static final String FORM_END_TEXT = "\r\n--" + BOUNDARY + "--\r\n";

    private static final Buffer FORM_END = Buffer.buffer(FORM_END_TEXT);

    /** The content type of {@link #form}. */
    public static final String FORM_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    /** These bytes. */
    public static Payload of(Buffer bytes) {
        return new Payload(bytes, Optional.empty(), Buffer.buffer());
    }

    /** The file alone. */
    public static Payload raw(Content.File file) {
        return new Payload(Buffer.buffer(), Optional.of(file), Buffer.buffer());
    }

    /** The file as the field {@code file} of a form. */
    public static Payload form(Content.File file) {
        return new Payload(FORM_BEGIN, Optional.of(file), FORM_END);
    }

    /** What stands before the file in {@link #form}. */
    public static byte[] formBegin() {
        return FORM_BEGIN.getBytes();
    }

    long fileBytes() {
        return file.map(Content.File::lengthBytes).orElse(0L);
    }

    long lengthBytes() {
        return before.length() + fileBytes() + after.length();
    }
}
