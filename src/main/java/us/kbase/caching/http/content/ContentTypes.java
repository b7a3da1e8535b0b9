package us.kbase.caching.http.content;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import us.kbase.caching.text.AsciiSet;

/** Types of files, from a fixed table, so that the answer does not depend on the machine. */
public final class ContentTypes {

    private static final String UNKNOWN = "application/octet-stream";
    private static final int LENGTH_MAX = 255;
    private static final AsciiSet TOKEN = AsciiSet.ALPHANUMERIC.with("!#$%&'*+-.^_`|~");

    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("log", "text/plain; charset=utf-8"),
            Map.entry("csv", "text/csv; charset=utf-8"),
            Map.entry("tsv", "text/tab-separated-values; charset=utf-8"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("htm", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("xml", "text/xml; charset=utf-8"),
            Map.entry("py", "text/x-python; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("js", "application/javascript"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("zip", "application/zip"),
            Map.entry("tar", "application/x-tar"),
            Map.entry("h5", "application/x-hdf5"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("svg", "image/svg+xml"));

    /** Shown inside a page of ours, these could run as one. */
    private static final Set<String> ACTIVE = Set.of("text/html", "text/xml", "image/svg+xml");

    private static final Set<String> INLINE = BY_EXTENSION.values().stream()
            .map(ContentTypes::essence)
            .filter(type -> !ACTIVE.contains(type))
            .collect(Collectors.toUnmodifiableSet());

    private ContentTypes() {}

    /**
     * A file's type from its name. A compressed file ({@code reads.txt.gz}) is what it is: bytes, not the type of what is inside.
     */
    public static String of(String filename) {
        int dot = filename.lastIndexOf('.');
        if (dot < 0) {
            return UNKNOWN;
        }
        return BY_EXTENSION.getOrDefault(filename.substring(dot + 1).toLowerCase(Locale.ROOT), UNKNOWN);
    }

    /** Whether the text begins as a media type does, {@code type/subtype}, and is short and printable. */
    static boolean isMediaType(String text) {
        String essence = essence(text);
        int slash = TOKEN.end(essence, 0);
        return AsciiSet.PRINTABLE.spells(text, 1, LENGTH_MAX)
                && slash > 0
                && essence.startsWith("/", slash)
                && slash + 1 < essence.length()
                && TOKEN.end(essence, slash + 1) == essence.length();
    }

    /** Whether a browser may show such a file at its own address: a known type that cannot act. */
    static boolean isShownInline(String type) {
        return INLINE.contains(essence(type));
    }

    /** Whether it is the type of a form with files. */
    static boolean isForm(String type) {
        return essence(type).equals("multipart/form-data");
    }

    /** The type without parameters, in lower case. */
    private static String essence(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
