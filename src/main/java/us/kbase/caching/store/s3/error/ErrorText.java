package us.kbase.caching.store.s3.error;

import io.vertx.core.buffer.Buffer;

/** What S3 says in the body of an error: {@code <Error><Code>NoSuchKey</Code>…} (S3 API, "REST error responses"). */
public final class ErrorText {

    private static final String BEGIN = "<Code>";
    private static final String END = "</Code>";
    private static final int CODE_CHARS_MAX = 64;

    private ErrorText() {}

    /** S3's own code, of letters and digits; empty where the text names none. */
    public static String code(Buffer text) {
        String xml = text.toString();
        int begin = xml.indexOf(BEGIN);
        int end = begin < 0 ? -1 : xml.indexOf(END, begin);
        if (end < 0) {
            return "";
        }
        String code = xml.substring(begin + BEGIN.length(), end);
        return code.length() <= CODE_CHARS_MAX && code.chars().allMatch(ErrorText::isCodeCharacter) ? code : "";
    }

    private static boolean isCodeCharacter(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }
}
