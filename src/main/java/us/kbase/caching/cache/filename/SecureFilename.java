package us.kbase.caching.cache.filename;

import java.text.Normalizer;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.text.AsciiSet;

/** The filename that is stored: Werkzeug's {@code secure_filename}, and never a name with a meaning of its own. */
public final class SecureFilename {

    private static final int LENGTH_MAX = 255;
    private static final AsciiSet KEPT = AsciiSet.ALPHANUMERIC.with("_.-");

    /** Python's ASCII white space, and the slash, which separates as they do. */
    private static final AsciiSet SEPARATING =
            AsciiSet.of(" /").with(AsciiSet.range('\t', '\r')).with(AsciiSet.range('\u001c', '\u001f'));

    private static final AsciiSet STRIPPED = AsciiSet.of("._");

    private SecureFilename() {}

    /** {@code ../a b/My File (1).fa.gz} becomes {@code a_b_My_File_1.fa.gz}; a name of which nothing is left, {@code file}. */
    public static String of(String sent) {
        String safe = stripped(joined(ascii(sent)));
        String cut = safe.substring(0, Math.min(LENGTH_MAX, safe.length()));
        return switch (cut) {
            case "" -> "file";
            case Entry.PLACEHOLDER -> Entry.PLACEHOLDER + "_";
            default -> cut;
        };
    }

    /**
     * The ASCII characters of the text in NFKD. Normalises one code point at a time: the order of marks, which alone depends on
     * neighbours and costs the square of their number to find, concerns none of these characters.
     */
    private static CharSequence ascii(String sent) {
        StringBuilder ascii = new StringBuilder();
        for (int i = 0; i < sent.length(); i = sent.offsetByCodePoints(i, 1)) {
            int codePoint = sent.codePointAt(i);
            if (codePoint < 0x80) {
                ascii.append((char) codePoint);
            } else {
                Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD)
                        .chars()
                        .filter(c -> c < 0x80)
                        .forEach(c -> ascii.append((char) c));
            }
        }
        return ascii;
    }

    /** One underscore for each run of separating characters, and of the others those that are kept. */
    private static String joined(CharSequence ascii) {
        StringBuilder joined = new StringBuilder(ascii.length());
        int at = 0;
        while (at < ascii.length()) {
            int end = SEPARATING.end(ascii, at);
            if (end > at) {
                joined.append('_');
                at = end;
            } else if (KEPT.contains(ascii.charAt(at++))) {
                joined.append(ascii.charAt(at - 1));
            }
        }
        return joined.toString();
    }

    private static String stripped(String joined) {
        int start = STRIPPED.end(joined, 0);
        int end = joined.length();
        while (end > start && STRIPPED.contains(joined.charAt(end - 1))) {
            end--;
        }
        return joined.substring(start, end);
    }
}
