package us.kbase.caching.store.s3;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.OpenUpload;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** A bucket of a few objects that answers as S3 does and keeps what is written, but for its bytes. Who lies changes its answers. */
final class HonestS3 {

    static final String THERE = "living";
    static final String ETAG = "\"seen\"";
    static final String NEW = "new";
    static final ByteRange SOME = new ByteRange(5, 9);

    /** A key that is listed, behind which others are. */
    static final String AFTER = "leased";

    /** An upload that still gets parts, though it was begun long ago. */
    static final OpenUpload OPEN = new OpenUpload(THERE, "open-1", Instant.parse("2020-01-01T00:00:00Z"));

    static final String LATER = "4102444800";
    static final String LONG_AGO = "1000";
    static final String SECRET = "secret";
    static final String OWNER = "me";
    private static final String CONTENT = "0123456789";
    private static final String NOTE = "{\"nonce\":\"n\",\"fencing\":7,\"lease\":\"" + SECRET
            + "\",\"holder\":\"h\",\"ttl\":60,\"deadline\":4102444800000}";
    private static final String METADATA = "x-amz-meta-";
    private static final String CHECKSUM = "x-amz-checksum-crc32c";

    /** What lies under a key. */
    record Held(String etag, Map<String, String> metadata, String content, String lastUsed) {}

    /** What is about to be told. */
    static final class Answer {
        int status = 200;
        final Map<String, String> headers = new LinkedHashMap<>(Map.of("x-amz-request-id", "1"));
        String body = "";

        Answer with(String header, String value) {
            headers.put(header, value);
            return this;
        }

        Answer xml(String root, String inside) {
            body = "<" + root + ">" + inside + "</" + root + ">";
            return this;
        }

        Answer refused(int refusal, String code) {
            status = refusal;
            return xml("Error", "<Code>" + code + "</Code>");
        }

        private Told told(Asked asked, Instant date) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\nDate: " + RawS3.date(date) + "\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            boolean isHead = asked.is("HEAD");
            if (!isHead && status != 204) {
                head.append("Content-Length: ").append(body.length()).append("\r\n");
            } else if (isHead && status / 100 != 2) {
                head.append("Content-Length: 0\r\n");
            }
            return Told.of(head.toString(), Buffer.buffer(isHead ? "" : body));
        }
    }

    /** Changes answers. */
    interface Liar {
        Liar NOBODY = (asked, answer) -> {};

        void tell(Asked asked, Answer answer);
    }

    private final InstantSource clock;
    private final Map<String, Held> objects = new TreeMap<>();
    private final Map<String, Map<String, String>> uploads = new TreeMap<>();
    private final Set<String> aborted = ConcurrentHashMap.newKeySet();
    private long versions;
    private boolean deaf;
    private volatile Liar liar = Liar.NOBODY;

    HonestS3(InstantSource clock) {
        this.clock = clock;
        begin();
    }

    /** A result that lives, one that is used, a placeholder with a lease, and somebody else's object. */
    synchronized void begin() {
        objects.clear();
        aborted.clear();
        objects.put(THERE, new Held(ETAG, metadata(LATER), CONTENT, ""));
        objects.put("used", new Held("\"used\"", metadata(LONG_AGO), CONTENT, "30000"));
        objects.put("zother", new Held("\"other\"", Map.of(), CONTENT, ""));
        Map<String, String> placeholder = metadata(LATER);
        placeholder.put("filename", "placeholder");
        objects.put(AFTER, new Held("\"leased\"", placeholder, NOTE, ""));
        deaf = false;
        liar = Liar.NOBODY;
    }

    synchronized void add(String key, Held held) {
        objects.put(key, held);
    }

    /** From now on writes are answered, and not done. */
    synchronized void hearsNothing() {
        deaf = true;
    }

    void lies(Liar with) {
        liar = with;
    }

    /** Tells that lie in place of each good answer to such a request; counts how often. */
    AtomicInteger tells(CallLie lie, S3Request to, int seed) {
        Random random = new Random(seed);
        AtomicInteger told = new AtomicInteger();
        lies((asked, answer) -> {
            if (S3Request.of(asked) == to && answer.status / 100 == 2) {
                lie.change(answer, random);
                told.incrementAndGet();
            }
        });
        return told;
    }

    /** Whether an upload was ended without an object. */
    boolean hasAborted(String upload) {
        return aborted.contains(upload);
    }

    synchronized Map<String, Held> objects() {
        return new TreeMap<>(objects);
    }

    /** Of a result of ours, with its mark. */
    static Map<String, String> metadata(String expiration) {
        Map<String, String> metadata =
                new TreeMap<>(Map.of("expiration", expiration, "filename", "f", "token_id", OWNER));
        metadata.put("write-nonce", "one;expiration,filename,token_id");
        return metadata;
    }

    synchronized Told answer(Asked asked) {
        Answer answer = honest(asked, S3Request.key(asked));
        liar.tell(asked, answer);
        return answer.told(asked, clock.instant());
    }

    private Answer honest(Asked asked, String key) {
        Answer answer = new Answer();
        boolean ofBucket = key.isEmpty() && !asked.is("GET") || asked.line().contains("versioning");
        return ofBucket ? answer : ofObjects(answer, asked, key);
    }

    private Answer ofObjects(Answer answer, Asked asked, String key) {
        return switch (S3Request.of(asked)) {
            case HEAD, GET -> object(answer, asked, key);
            case LIST -> listed(answer, asked);
            case UPLOADS -> open(answer, asked);
            case PARTS ->
                answer.xml(
                        "ListPartsResult",
                        "<Key>" + key + "</Key><UploadId>" + S3Request.parameter(asked, "uploadId")
                                + "</UploadId><NextPartNumberMarker>1</NextPartNumberMarker><IsTruncated>false</IsTruncated>"
                                + "<Part><PartNumber>1</PartNumber><LastModified>2099-01-01T00:00:00.000Z</LastModified></Part>");
            case TAGS -> tags(answer, key);
            case TAG -> answer;
            case PUT -> put(answer, asked, key, sent(asked));
            case PART -> answer.with("ETag", "\"part\"");
            case CREATE -> created(answer, asked, key);
            case COMPLETE -> completed(answer, asked, key);
            case ABORT -> {
                aborted.add(S3Request.parameter(asked, "uploadId"));
                yield gone(answer);
            }
            case DELETE -> {
                if (!deaf) {
                    objects.remove(key);
                }
                yield gone(answer);
            }
        };
    }

    private static Answer gone(Answer answer) {
        answer.status = 204;
        return answer;
    }

    private Answer object(Answer answer, Asked asked, String key) {
        Held held = objects.get(key);
        if (held == null) {
            return answer.refused(404, "NoSuchKey");
        }
        held.metadata().forEach((name, value) -> answer.with(METADATA + name, value));
        answer.with("ETag", held.etag());
        int length = held.content().length();
        if (asked.is("HEAD")) {
            return answer.with("Content-Length", Integer.toString(length));
        }
        String[] range = asked.header("Range").split("[=-]");
        int from = range.length > 2 ? Integer.parseInt(range[1]) : 0;
        int to = range.length > 2 ? Math.min(length, Integer.parseInt(range[2]) + 1) : length;
        answer.body = held.content().substring(from, to);
        if (range.length > 2) {
            answer.status = 206;
            answer.with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + length);
        }
        return answer;
    }

    private Answer listed(Answer answer, Asked asked) {
        String after = S3Request.parameter(asked, "start-after");
        int limit = Integer.parseInt(S3Request.parameter(asked, "max-keys"));
        var behind = objects.keySet().stream()
                .filter(key -> key.compareTo(after) > 0)
                .toList();
        StringBuilder xml = new StringBuilder("<Name>bucket</Name><Prefix></Prefix>");
        behind.stream().limit(limit).forEach(key -> xml.append(contents(key)));
        return answer.xml("ListBucketResult", xml + "<IsTruncated>" + (behind.size() > limit) + "</IsTruncated>");
    }

    static String contents(String key) {
        return "<Contents><Key>" + key + "</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents>";
    }

    private static Answer open(Answer answer, Asked asked) {
        boolean first = S3Request.parameter(asked, "key-marker").isEmpty();
        String key = first ? OPEN.key() : "zother";
        return answer.xml(
                "ListMultipartUploadsResult",
                "<Upload><Key>" + key + "</Key><UploadId>" + (first ? OPEN.id() : "open-2") + "</UploadId><Initiated>"
                        + OPEN.begun() + "</Initiated></Upload><IsTruncated>" + first + "</IsTruncated>");
    }

    private Answer tags(Answer answer, String key) {
        String day = objects.containsKey(key) ? objects.get(key).lastUsed() : "";
        return answer.xml("Tagging", day.isEmpty() ? "<TagSet></TagSet>" : "<TagSet>" + tag(day) + "</TagSet>");
    }

    static String tag(String day) {
        return "<Tag><Key>last-used</Key><Value>" + day + "</Value></Tag>";
    }

    private static Map<String, String> sent(Asked asked) {
        Map<String, String> metadata = new TreeMap<>();
        asked.head().lines().map(line -> line.split(": ?", 2)).forEach(header -> {
            if (header[0].toLowerCase(Locale.ROOT).startsWith(METADATA)) {
                metadata.put(header[0].substring(METADATA.length()).toLowerCase(Locale.ROOT), header[1]);
            }
        });
        return metadata;
    }

    private Answer put(Answer answer, Asked asked, String key, Map<String, String> metadata) {
        String there = objects.containsKey(key) ? objects.get(key).etag() : "";
        if (asked.header("If-None-Match").isEmpty() ? !there.equals(asked.header("If-Match")) : !there.isEmpty()) {
            return answer.refused(412, "PreconditionFailed");
        }
        String etag = "\"" + ++versions + "\"";
        if (!deaf) {
            objects.put(key, new Held(etag, metadata, CONTENT, ""));
        }
        if (!asked.header(CHECKSUM).isEmpty()) {
            answer.with(CHECKSUM, asked.header(CHECKSUM));
        }
        return answer.with("ETag", etag);
    }

    private Answer created(Answer answer, Asked asked, String key) {
        String id = "upload-" + ++versions;
        uploads.put(id, sent(asked));
        if (!asked.header("x-amz-checksum-algorithm").isEmpty()) {
            answer.with("x-amz-checksum-algorithm", asked.header("x-amz-checksum-algorithm"))
                    .with("x-amz-checksum-type", asked.header("x-amz-checksum-type"));
        }
        return answer.xml(
                "InitiateMultipartUploadResult",
                "<Bucket>bucket</Bucket><Key>" + key + "</Key><UploadId>" + id + "</UploadId>");
    }

    private Answer completed(Answer answer, Asked asked, String key) {
        Map<String, String> metadata = uploads.remove(S3Request.parameter(asked, "uploadId"));
        if (metadata == null) {
            return answer.refused(404, "NoSuchUpload");
        }
        put(answer, asked, key, metadata);
        String etag = answer.headers.remove("ETag");
        String checksum = answer.headers.remove(CHECKSUM);
        return etag == null
                ? answer
                : answer.xml(
                        "CompleteMultipartUploadResult",
                        "<Bucket>bucket</Bucket><Key>" + key + "</Key><ETag>" + etag.replace("\"", "&quot;") + "</ETag>"
                                + (checksum == null ? "" : "<ChecksumCRC32C>" + checksum + "</ChecksumCRC32C>"));
    }
}
