package us.kbase.caching.store.s3.client;

import io.vertx.core.http.HttpClientResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.failure.LostMetadata;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.s3.error.AnswerMismatch;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.write.WriteMark;
import us.kbase.caching.text.Decimal;

/**
 * What the server says of objects, in our words; servers write the names of metadata in any case. Every answer is compared with its
 * request here, before anybody believes it: what is missing, double, or about something else fails with {@link AnswerMismatch}
 * (docs/adr/0045).
 */
final class S3Headers {

    static final String METADATA = "x-amz-meta-";
    static final String REQUEST_ID = "x-amz-request-id";

    /** Asks for the checksum of an object that is looked at or read (S3 API, HeadObject). */
    static final Map<String, String> WITH_CHECKSUM = Map.of("x-amz-checksum-mode", "ENABLED");

    private static final String ETAG = "ETag";
    private static final String CHECKSUM_TYPE = "x-amz-checksum-type";
    private static final Set<Integer> DONE = Set.of(200, 204);
    private static final int LENGTH_DIGITS_MAX = 18;

    /** What lies in the object is what comes; MinIO and others name the framing that an upload had. */
    private static final Set<String> PLAIN = Set.of("", "identity", "aws-chunked");

    private S3Headers() {}

    /** Where the bytes of an answer lie in its object. */
    record Extent(Stored stored, long startBytes, long lengthBytes) {}

    /** What the answer to a HEAD says. */
    static Stored stored(String key, HttpClientResponse head) {
        status(head, 200);
        return stored(key, head, contentLength(head), checksums(head, contentLength(head)));
    }

    /** The checksums of the whole object that the server keeps; one that was made of those of its parts is none of its bytes. */
    private static List<Digest> checksums(HttpClientResponse answer, long lengthBytes) {
        if (lengthBytes == 0) {
            return List.of(Digest.ofChecksum(DigestAlgorithm.CRC32C, 0)); // its length says it
        }
        return optional(answer, CHECKSUM_TYPE).equals("COMPOSITE")
                ? List.of()
                : Stream.of(DigestAlgorithm.CRC32C, DigestAlgorithm.CRC64NVME)
                        .flatMap(algorithm -> Digest.parse(algorithm, optional(answer, algorithm.s3Header())).stream())
                        .toList();
    }

    /** Compares what the server computed of a part that it received, where it says so. */
    static void received(HttpClientResponse answer, Digest sent) {
        received(optional(answer, sent.algorithm().s3Header()), sent, "");
    }

    /** The same of an object that was published: the failure names it, so that it can be taken back. */
    static void published(HttpClientResponse answer, Digest sent) {
        String etag = answer.getHeader(ETAG);
        received(optional(answer, sent.algorithm().s3Header()), sent, etag == null ? "" : etag);
    }

    /** The same of a checksum and an ETag that stand elsewhere in an answer; empty where they do not. */
    static void received(String base64, Digest sent, String etag) {
        Digest.parse(sent.algorithm(), base64)
                .filter(received -> !received.equals(sent))
                .ifPresent(received -> {
                    throw S3Errors.otherBytes(sent.toString(), received.toString(), etag);
                });
    }

    private static Stored stored(String key, HttpClientResponse answer, long lengthBytes, List<Digest> checksums) {
        Map<String, String> metadata = new HashMap<>();
        answer.headers().forEach((name, value) -> {
            if (name.regionMatches(true, 0, METADATA, 0, METADATA.length())) {
                String own = name.substring(METADATA.length()).toLowerCase(Locale.ROOT);
                String before = metadata.put(own, value);
                agree(before == null || before.equals(value), "two values of " + own);
            }
        });
        List<String> missing = WriteMark.missing(metadata);
        if (!missing.isEmpty()) {
            throw new AnswerMismatch(new LostMetadata(missing));
        }
        return new Stored(key, etag(answer), lengthBytes, metadata, checksums);
    }

    /** The ETag that every good answer about an object's content has. */
    static String etag(HttpClientResponse answer) {
        return strong(one(answer, ETAG));
    }

    /** An ETag, which names bytes. */
    static String strong(String etag) {
        agree(!etag.isEmpty() && !etag.startsWith("W/"), "an ETag that names no bytes");
        return etag;
    }

    /** The ETag of a write that went well. */
    static String written(HttpClientResponse answer) {
        status(answer, 200);
        return etag(answer);
    }

    /** Checks a good answer that has nothing but its status: one of a balancer's own is none, and one of later is not yet. */
    static HttpClientResponse done(HttpClientResponse answer) {
        agree(DONE.contains(answer.statusCode()), "status " + answer.statusCode());
        agree(
                answer.getHeader(REQUEST_ID) != null,
                "status " + answer.statusCode() + " without x-amz-request-id, so it is not from S3");
        return answer;
    }

    /** The bytes that come, if they are what was asked for. */
    static Extent extent(String key, ByteRange asked, HttpClientResponse answer) {
        agree(PLAIN.contains(optional(answer, "Content-Encoding")), "bytes in another encoding");
        long length = contentLength(answer);
        if (answer.statusCode() == 206 && !asked.equals(ByteRange.ALL)) {
            return part(key, asked, answer, length);
        }
        status(answer, 200);
        agree(optional(answer, "Content-Range").isEmpty(), "a range in place of the whole");
        boolean whole = asked.start(length) == 0 && asked.end(length) == length;
        agree(whole, "the whole in place of a range");
        return new Extent(stored(key, answer, length, checksums(answer, length)), 0, length);
    }

    /** {@code Content-Range: bytes 5-9/300}, RFC 9110 section 14.4. */
    private static Extent part(String key, ByteRange asked, HttpClientResponse answer, long lengthBytes) {
        String range = one(answer, "Content-Range");
        int dash = range.indexOf('-');
        int slash = range.indexOf('/');
        agree(range.startsWith("bytes ") && dash > 0 && slash > dash, "a Content-Range that cannot be read");
        long first = number(range.substring("bytes ".length(), dash), "Content-Range");
        long last = number(range.substring(dash + 1, slash), "Content-Range");
        long total = number(range.substring(slash + 1), "Content-Range");
        agree(
                asked.satisfiable(total) && first == asked.start(total) && last + 1 == asked.end(total),
                "another range than the one asked for");
        agree(last + 1 - first == lengthBytes, "a Content-Length that is not that of its range");
        return new Extent(stored(key, answer, total, List.of()), first, lengthBytes); // some tell the range's
    }

    static void status(HttpClientResponse answer, int expected) {
        agree(answer.statusCode() == expected, "status " + answer.statusCode());
    }

    private static long contentLength(HttpClientResponse answer) {
        return number(one(answer, "Content-Length"), "Content-Length");
    }

    private static long number(String digits, String header) {
        OptionalLong value = Decimal.parse(digits, LENGTH_DIGITS_MAX);
        agree(value.isPresent(), "a " + header + " that cannot be read");
        return value.orElseThrow();
    }

    private static String one(HttpClientResponse answer, String header) {
        List<String> values = answer.headers().getAll(header);
        agree(values.size() == 1, (values.isEmpty() ? "no " : "more than one ") + header);
        return values.get(0);
    }

    private static String optional(HttpClientResponse answer, String header) {
        return answer.headers().getAll(header).isEmpty() ? "" : one(answer, header);
    }

    /** Fails with the complaint where something does not fit. */
    static void agree(boolean fits, String complaint) {
        if (!fits) {
            throw new AnswerMismatch(complaint);
        }
    }

    /** A range as RFC 9110 section 14.2 writes it. */
    static String header(ByteRange range) {
        if (range.first() < 0) {
            return "bytes=" + range.first();
        }
        return "bytes=" + range.first() + "-" + (range.last() == Long.MAX_VALUE ? "" : range.last());
    }
}
