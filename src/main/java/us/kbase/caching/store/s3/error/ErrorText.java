package us.kbase.caching.store.s3.error;

import io.vertx.core.buffer.Buffer;

/** What S3 says in the body of an error: {@code <Error><Code>NoSuchKey</Code>…} (S3 API, "REST error responses"). */
public final class ErrorText {

    private static final int CODE_CHARS_MAX = 64;

    /** S3 and MinIO say it with {@code AccessDenied} and this message, versitygw with a code of its own, which stands for both. */
    private static final String TOO_LATE = "Request has expired";

    private ErrorText() {}

    /** S3's own code, of letters and digits; empty where the text names none. */
    public static String code(Buffer text) {
        String xml = text.toString();
        if (!xml.contains("<Error")) {
            return "";
        }
        if (xml.contains(TOO_LATE)) {
            return S3Errors.EXPIRED;
        }
        String code = element(xml, "Code");
        return code.length() <= CODE_CHARS_MAX && code.chars().allMatch(ErrorText::isCodeCharacter) ? code : "";
    }

    /**
     * The code of an answer that has no body, as to a HEAD, though S3 itself gave it.
     *
     * @param status of the answer
     */
    public static String codeOf(int status) {
        return switch (status) {
            case 403 -> "AccessDenied";
            case 404 -> "NoSuchKey";
            case 412 -> "PreconditionFailed";
            case 416 -> "InvalidRange";
            case 501 -> "NotImplemented";
            default -> "Status" + status;
        };
    }

    /** The text of the first element of that name, as it stands there; empty without one. */
    public static String element(String xml, String name) {
        String begin = "<" + name + ">";
        int from = xml.indexOf(begin);
        int end = from < 0 ? -1 : xml.indexOf("</" + name + ">", from);
        return end < 0 ? "" : xml.substring(from + begin.length(), end);
    }

    private static boolean isCodeCharacter(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }
}
