package us.kbase.caching.cli.progress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** The terminal behind standard error, where there is one. Java tells of a terminal only when all streams are one, and not how wide. */
final class Terminal {

    private static final int USUAL_COLUMNS = 80;
    private static final String ASK = "[ -t 2 ] && { stty size <&2 2>/dev/null || echo 0 0; }";

    private Terminal() {}

    /** How many columns it has; empty if standard error is no terminal. */
    static OptionalInt columns() {
        try {
            Process asked = new ProcessBuilder("sh", "-c", ASK)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return columns(new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException noShell) {
            return OptionalInt.empty();
        }
    }

    /** Reads {@code ROWS COLUMNS}, or nothing. A terminal that does not know its size has 80. */
    static OptionalInt columns(String size) {
        String[] words = size.strip().split(" ");
        if (words.length != 2 || !words[1].matches("\\d{1,5}")) {
            return OptionalInt.empty();
        }
        int columns = Integer.parseInt(words[1]);
        return OptionalInt.of(columns == 0 ? USUAL_COLUMNS : columns);
    }
}
