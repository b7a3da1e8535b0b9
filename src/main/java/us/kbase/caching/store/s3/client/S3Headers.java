package us.kbase.caching.store.s3.client;

import io.vertx.core.http.HttpClientResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;

/** What the server says of objects, in our words; servers write the names of metadata in any case. */
final class S3Headers {

    static final String METADATA = "x-amz-meta-";

    private S3Headers() {}

    static Stored stored(String key, HttpClientResponse head) {
        return stored(key, head, lengthBytes(head));
    }

    private static Stored stored(String key, HttpClientResponse answer, long lengthBytes) {
        Map<String, String> metadata = new HashMap<>();
        answer.headers().forEach((name, value) -> {
            if (name.regionMatches(true, 0, METADATA, 0, METADATA.length())) {
                metadata.put(name.substring(METADATA.length()).toLowerCase(Locale.ROOT), value);
            }
        });
        return new Stored(key, etag(answer), lengthBytes, metadata);
    }

    /** The length of its body; none without the header. */
    static long lengthBytes(HttpClientResponse answer) {
        return Long.parseLong(
                Optional.ofNullable(answer.getHeader("Content-Length")).orElse("0"));
    }

    static String etag(HttpClientResponse answer) {
        return String.valueOf(answer.getHeader("ETag"));
    }

    /** A download of what the answer's head promises; throws when that cannot be read. */
    static Download download(String key, HttpClientResponse answer, LongFunction<ByteSource> ofLengthBytes) {
        long length = lengthBytes(answer);
        String range = answer.getHeader("Content-Range"); // bytes 5-9/300, RFC 9110 section 14.4
        if (range == null) {
            return new Download(stored(key, answer, length), 0, length, ofLengthBytes.apply(length));
        }
        long total = Long.parseLong(range.substring(range.indexOf('/') + 1));
        long start = Long.parseLong(range.substring(range.indexOf(' ') + 1, range.indexOf('-')));
        return new Download(stored(key, answer, total), start, length, ofLengthBytes.apply(length));
    }

    /** A range as RFC 9110 section 14.2 writes it. */
    static String header(ByteRange range) {
        if (range.first() < 0) {
            return "bytes=" + range.first();
        }
        return "bytes=" + range.first() + "-" + (range.last() == Long.MAX_VALUE ? "" : range.last());
    }
}
