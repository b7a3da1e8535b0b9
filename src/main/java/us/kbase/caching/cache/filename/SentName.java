package us.kbase.caching.cache.filename;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import us.kbase.caching.store.Stored;
import us.kbase.caching.text.PercentEncoding;

/**
 * A file's name as its client sent it, beside the safe one: percent-encoded UTF-8 (RFC 3986 section 2.1), since S3 servers
 * give raw UTF-8 back differently. Shown to owners, and never part of a path.
 */
public final class SentName {

    private static final String KEY = "filename-sent";

    /** S3 refuses more than 2 KiB in all; stores add a little of their own. */
    private static final int METADATA_BYTES_MAX = 1536;

    private SentName() {}

    /** Adds the name to metadata that are whole otherwise, cut after the last character that fits. */
    public static void add(Map<String, String> metadata, String sent) {
        int used = metadata.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        String encoded = encoded(sent, METADATA_BYTES_MAX - used - KEY.length());
        if (!encoded.isEmpty()) {
            metadata.put(KEY, encoded);
        }
    }

    private static String encoded(String sent, int charactersMax) {
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < sent.length(); i = sent.offsetByCodePoints(i, 1)) {
            String one = PercentEncoding.encode(sent.codePointAt(i));
            if (encoded.length() + one.length() > charactersMax) {
                break;
            }
            encoded.append(one);
        }
        return encoded.toString();
    }

    /** The name as it was sent; empty where the writer kept none. What another writer did not encode stays as it is. */
    public static String of(Stored stored) {
        String encoded = stored.metadata().getOrDefault(KEY, "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            boolean escape = PercentEncoding.isEscape(encoded, i);
            bytes.write(escape ? PercentEncoding.escaped(encoded, i) : encoded.charAt(i));
            i += escape ? 2 : 0;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
