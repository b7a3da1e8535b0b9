package us.kbase.caching.config.source;

/** Resolves the backslashes of a double-quoted value in a {@code .env} file; those that mean nothing stay as they are. */
final class Escapes {

    private static final String NAMES = "abfnrtv\"\\";
    private static final String MEANINGS = "\u0007\b\f\n\r\t\u000b\"\\";
    private static final int OCTAL_DIGITS = 3;
    private static final int OCTAL_MAX = 0377;

    private Escapes() {}

    /** Gives the text; a hidden dollar sign comes out doubled, as {@link Interpolation} wants it. */
    static String resolved(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            i++;
            char name = text.charAt(i);
            int known = NAMES.indexOf(name);
            if (known >= 0) {
                out.append(MEANINGS.charAt(known));
            } else if (name == '$') {
                out.append("$$");
            } else if (name == '0' && isOctal(text, i + 1)) {
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 1 + OCTAL_DIGITS), 8));
                i += OCTAL_DIGITS;
            } else {
                out.append(c).append(name);
            }
        }
        return out.toString();
    }

    private static boolean isOctal(String text, int from) {
        if (from + OCTAL_DIGITS > text.length()) {
            return false;
        }
        String digits = text.substring(from, from + OCTAL_DIGITS);
        return digits.chars().allMatch(c -> c >= '0' && c <= '7') && Integer.parseInt(digits, 8) <= OCTAL_MAX;
    }
}
