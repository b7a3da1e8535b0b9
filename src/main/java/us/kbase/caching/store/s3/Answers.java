package us.kbase.caching.store.s3;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.ByteSource;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Stored;

/** What the server says of objects, in our words; the names of metadata come in any case (minio sends lower, others do not). */
final class Answers {

    private Answers() {}

    static Stored stored(String key, HeadObjectResponse head) {
        return new Stored(key, head.eTag(), head.contentLength(), lowerCase(head.metadata()));
    }

    /** A download still without its bytes. */
    static Download download(String key, GetObjectResponse get) {
        long length = get.contentLength();
        String contentRange = get.contentRange(); // bytes 5-9/300
        long total = contentRange == null ? length : Long.parseLong(contentRange.replaceFirst(".*/", ""));
        long start = contentRange == null ? 0 : Long.parseLong(contentRange.replaceAll("\\D*(\\d+)-.*", "$1"));
        Stored stored = new Stored(key, get.eTag(), total, lowerCase(get.metadata()));
        return new Download(stored, start, length, ByteSource.of(ByteSource.END));
    }

    /** A range as RFC 9110 section 14.2 writes it. */
    static String header(ByteRange range) {
        if (range.first() < 0) {
            return "bytes=" + range.first();
        }
        return "bytes=" + range.first() + "-" + (range.last() == Long.MAX_VALUE ? "" : range.last());
    }

    private static Map<String, String> lowerCase(Map<String, String> metadata) {
        Map<String, String> result = new HashMap<>();
        metadata.forEach((name, value) -> result.put(name.toLowerCase(Locale.ROOT), value));
        return result;
    }
}
