package us.kbase.caching.config;

import java.util.ArrayList;
import java.util.List;

/** Writes the table of keys as a configuration file in which everything is commented out. */
public final class SampleFile {

    private static final int COLUMNS = 120;
    private static final String BEGIN = """
            # Configuration of CachingService. Everything here is optional; what is commented out shows the default, or an
            # example where there is none: take away the # before a key to set it. docs/configuration.md says more.
            # The environment wins over this file: key `a.b-c` is CACHING_A_B_C, and CACHING_A_B_C_FILE names a file that holds
            # the value (for secrets). A file .env in the working folder, as docker compose reads it, stands between them.
            # The original service's names work as well: MINIO_HOST, MINIO_ACCESS_KEY, MINIO_SECRET_KEY, MINIO_BUCKET_NAME,
            # MINIO_SECURE, KBASE_AUTH_URL, WORKERS (SECRET_KEY is accepted and unused).
            # `caching-service check-config` shows what is in effect, `check-config --connect` asks the servers too.
            """;

    private SampleFile() {}

    /** The file's text, the same on every machine. */
    public static String text() {
        List<String> lines = new ArrayList<>();
        String section = "";
        for (Key<?> key : Keys.ALL) {
            if (!key.section().equals(section)) {
                begin(key.section(), section, lines);
                section = key.section();
            }
            add(key, lines);
        }
        return BEGIN + String.join("\n", lines) + "\n";
    }

    private static void begin(String section, String before, List<String> lines) {
        String top = section.replaceFirst("\\..*", "");
        if (!before.equals(top) && !before.startsWith(top + ".")) {
            lines.add("");
            lines.addAll(wrapped("# ", Keys.SECTIONS.getOrDefault(top, "")));
            lines.add(top + ":");
        }
        if (!section.equals(top)) {
            lines.add("  " + section.substring(top.length() + 1) + ":");
        }
    }

    private static void add(Key<?> key, List<String> lines) {
        String indent =
                "  ".repeat((int) key.name().chars().filter(c -> c == '.').count());
        lines.addAll(wrapped(indent + "# ", key.says() + bounds(key.kind())));
        lines.add((indent + "#" + key.shortName() + ": " + key.byDefault().sample()).stripTrailing());
    }

    private static String bounds(Kind<?> kind) {
        return kind.range().isEmpty()
                ? ""
                : " [" + kind.unit() + (kind.unit().isEmpty() ? "" : ", ") + kind.range() + "]";
    }

    private static List<String> wrapped(String before, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(before);
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > COLUMNS && line.length() > before.length()) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(before);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
