package us.kbase.caching.cache;

import java.text.Normalizer;

/** The filename that is stored: Werkzeug's {@code secure_filename}, and never a name with a meaning of its own. */
public final class SecureFilename {

    private static final int LENGTH_MAX = 255;

    private SecureFilename() {}

    /** {@code ../a b/My File (1).fa.gz} becomes {@code a_b_My_File_1.fa.gz}; a name of which nothing is left, {@code file}. */
    public static String of(String sent) {
        String ascii = Normalizer.normalize(sent, Normalizer.Form.NFKD).replaceAll("[^\\x00-\\x7f]", "");
        String joined = ascii.replace('/', ' ').strip().replaceAll("[\\s\\x1c-\\x1f]+", "_");
        String safe = joined.replaceAll("[^A-Za-z0-9_.-]", "").replaceAll("^[._]+|[._]+$", "");
        String cut = safe.substring(0, Math.min(LENGTH_MAX, safe.length()));
        return switch (cut) {
            case "" -> "file";
            case Entry.PLACEHOLDER -> Entry.PLACEHOLDER + "_";
            default -> cut;
        };
    }
}
