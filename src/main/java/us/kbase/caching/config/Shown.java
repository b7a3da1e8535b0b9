package us.kbase.caching.config;

/** Texts as messages may show them. */
final class Shown {

    private Shown() {}

    /** Hides what stands before the last {@code @}, which in a URL is a user and a password. */
    static String withoutUser(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        String begin = scheme >= 0 && scheme < at ? text.substring(0, scheme + 3) : "";
        return at < 0 ? text : begin + "…" + text.substring(at);
    }
}
