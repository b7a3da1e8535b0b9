package us.kbase.caching.http;

import java.util.Locale;
import java.util.Map;

/** A file's type from its name: a fixed table, so that the answer does not depend on the machine. */
final class ContentTypes {

    private static final String UNKNOWN = "application/octet-stream";

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

    private ContentTypes() {}

    /** A compressed file ({@code reads.txt.gz}) is what it is: bytes, not the type of what is inside. */
    static String of(String filename) {
        int dot = filename.lastIndexOf('.');
        if (dot < 0) {
            return UNKNOWN;
        }
        return BY_EXTENSION.getOrDefault(filename.substring(dot + 1).toLowerCase(Locale.ROOT), UNKNOWN);
    }
}
