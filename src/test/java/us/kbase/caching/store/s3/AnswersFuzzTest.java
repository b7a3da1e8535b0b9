package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.client.ConnectionPools;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.UploadCalls;
import us.kbase.caching.store.s3.error.ErrorText;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.multipart.ChecksumSupport;
import us.kbase.caching.store.s3.write.WriteAttempt;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Corpus;
import us.kbase.caching.testing.Fuzz;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.Stores;

/**
 * Answers of real S3 servers, changed here and there and sent in pieces: each call ends with what the answer says or with one of our
 * failures, no download is longer or shorter than it says, and every connection and all memory comes back.
 */
class AnswersFuzzTest {

    private static final int AT_ONCE = 32;
    private static final int CONNECTIONS = 64;
    private static final Pattern SEED = Pattern.compile("fuzzed(\\d+)z");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");

    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final String NAMESPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
    private static final String HEADERS =
            "x-amz-request-id: 1\r\nDate: Sun, 29 Nov 2026 12:00:00 GMT\r\nETag: \"0f\"\r\n";
    private static final String METADATA =
            "x-amz-meta-expiration: 1\r\nx-amz-meta-filename: f\r\nx-amz-meta-token_id: me\r\n"
                    + "x-amz-meta-write-nonce: one;expiration,filename,token_id\r\nLast-Modified: Sun, 29 Nov 2026 11:00:00 GMT\r\n";

    private static final Corpus ANSWERS = Corpus.of(
            List.of(
                    answer("200 OK", METADATA + "Content-Length: 10\r\n", "0123456789"),
                    answer(
                            "206 Partial Content",
                            METADATA + "Content-Range: bytes 2-4/10\r\nContent-Length: 3\r\n",
                            "234"),
                    answer("200 OK", "Content-Length: 0\r\n", ""),
                    answer("204 No Content", "", ""),
                    answer("200 OK", "Transfer-Encoding: chunked\r\n", "5\r\n01234\r\n0\r\n\r\n"),
                    xml(
                            "200 OK",
                            "<ListBucketResult" + NAMESPACE + "<Name>b</Name><Prefix></Prefix><KeyCount>2</KeyCount>"
                                    + "<MaxKeys>2</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><Contents>"
                                    + "<Key>a%2Bb%00</Key><LastModified>2026-11-29T12:00:00.000Z</LastModified><ETag>&quot;1&quot;</ETag>"
                                    + "<Size>5</Size></Contents><Contents><Key>c</Key><LastModified>2026-11-29T12:00:00Z</LastModified>"
                                    + "</Contents></ListBucketResult>"),
                    xml(
                            "200 OK",
                            "<ListMultipartUploadsResult" + NAMESPACE
                                    + "<EncodingType>url</EncodingType><Upload><Key>k</Key>"
                                    + "<UploadId>u</UploadId><Initiated>2026-11-29T12:00:00.000Z</Initiated></Upload>"
                                    + "<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>"),
                    xml(
                            "200 OK",
                            "<Tagging><TagSet><Tag><Key>last-used</Key><Value>20786</Value></Tag></TagSet></Tagging>"),
                    xml(
                            "200 OK",
                            "<InitiateMultipartUploadResult" + NAMESPACE
                                    + "<Bucket>b</Bucket><Key>k</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>"),
                    xml(
                            "200 OK",
                            "<CompleteMultipartUploadResult" + NAMESPACE
                                    + "<Location>l</Location><ETag>&quot;1-2&quot;</ETag></CompleteMultipartUploadResult>"),
                    xml("200 OK", "<Error><Code>InternalError</Code><Message>We had trouble</Message></Error>"),
                    xml("404 Not Found", "<Error><Code>NoSuchKey</Code><Key>k</Key><RequestId>1</RequestId></Error>"),
                    xml("412 Precondition Failed", "<Error><Code>PreconditionFailed</Code></Error>"),
                    xml(
                            "403 Forbidden",
                            "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"),
                    answer("502 Bad Gateway", "Content-Type: text/html\r\nContent-Length: 13\r\n", "<html></html>")),
            List.of(
                    "\r\n",
                    "\n",
                    "\0",
                    "<",
                    ">",
                    "</",
                    "&",
                    "&#0;",
                    "&amp;",
                    "&lol;",
                    "]]>",
                    "<![CDATA[",
                    "<!--",
                    "%zz",
                    "%00",
                    "<!DOCTYPE x [<!ENTITY lol \"lol\"><!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
                    "<Key>",
                    "</Key>",
                    "<Code>",
                    "<ETag>",
                    "<IsTruncated>true</IsTruncated>",
                    "W/",
                    "\"",
                    "HTTP/1.1 100 Continue\r\n\r\n",
                    "HTTP/1.0 200 OK",
                    "Content-Length: 1\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "Content-Encoding: gzip\r\n",
                    "x-amz-meta-token_id: you\r\n",
                    "ETag: \"x\"\r\n",
                    "Location: http://127.0.0.1:1/\r\n",
                    "\u00ff",
                    "307 X"));

    private static String answer(String status, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\n" + HEADERS + headers + "\r\n" + body;
    }

    private static String xml(String status, String body) {
        String text = XML + body;
        return answer(status, "Content-Type: application/xml\r\nContent-Length: " + text.length() + "\r\n", text);
    }

    private final Budget transfers = Budget.of("transfers", 64 << 20);
    private final ConnectionPools.Load load = new ConnectionPools.Load();
    private Vertx vertx;
    private Loop loop;
    private static final Digest ONE = Digest.ofChecksum(DigestAlgorithm.CRC32C, 1);

    private final ChecksumSupport checksums = new ChecksumSupport(DigestAlgorithm.CRC32C);
    private S3Calls calls;
    private ObjectStore store;

    /** Whether answers are sent in pieces. */
    private volatile boolean isCut = true;

    /** Whether they say that their connection is closed: one that is kept may be closed when the next call of a seed takes it. */
    private volatile boolean closes;

    /** Seeds whose requests the server has answered. */
    private final Set<Long> heard = ConcurrentHashMap.newKeySet();

    private static final Logger CONNECTIONS_OF_VERTX = (Logger) LoggerFactory.getLogger(ConnectionBase.class);

    /** It tells of each answer that is no HTTP. */
    @BeforeAll
    static void quiet() {
        CONNECTIONS_OF_VERTX.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        CONNECTIONS_OF_VERTX.setLevel(null);
    }

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        NetServer server = Await.result(
                vertx.createNetServer().connectHandler(this::accept).listen(0, "127.0.0.1"));
        calls = loop.call(() -> Future.succeededFuture(new S3Calls(
                vertx,
                S3Servers.standIn("http://127.0.0.1:" + server.actualPort())
                        .within(CONNECTIONS, Duration.ofSeconds(30)),
                new StoreTime(InstantSource.system()),
                transfers,
                load)));
        store = loop.call(() -> Future.succeededFuture(Stores.s3(
                vertx,
                S3Servers.standIn("http://127.0.0.1:" + server.actualPort())
                        .within(CONNECTIONS, Duration.ofSeconds(30)))));
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    /** Who closes before he has read all resets the connection, and what he said is lost. */
    private static boolean isWhole(String asked) {
        int end = asked.indexOf("\r\n\r\n");
        Matcher length = LENGTH.matcher(asked);
        return end >= 0 && asked.length() >= end + 4 + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    }

    private void accept(NetSocket socket) {
        Buffer read = Buffer.buffer();
        socket.exceptionHandler(reset -> {});
        socket.handler(bytes -> {
            String asked = read.appendBuffer(bytes).toString(StandardCharsets.ISO_8859_1);
            if (isWhole(asked)) {
                socket.handler(more -> {});
                Matcher seed = SEED.matcher(asked);
                long own = seed.find() ? Long.parseLong(seed.group(1)) : 0;
                heard.add(own);
                Random random = Fuzz.random(own);
                byte[] mutant = closes ? closing(ANSWERS.mutant(random)) : ANSWERS.mutant(random);
                (isCut ? Corpus.cut(mutant, random) : List.of(Buffer.buffer(mutant))).forEach(socket::write);
                socket.close();
            }
        });
    }

    private static byte[] closing(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        return text.replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyCallEndsWithItsAnswerOrAFailureOfOurs() {
        long end = Fuzz.firstSeed() + Fuzz.cases(1_500);
        for (long seed = Fuzz.firstSeed(); seed < end; seed += AT_ONCE) {
            List<Future<?>> batch = new ArrayList<>();
            for (long one = seed; one < Math.min(end, seed + AT_ONCE); one++) {
                long own = one;
                batch.add(loop.start(() -> call(own).transform(done -> named(own, done.cause()))));
            }
            Loop.await(Future.all(batch));
        }
        Await.until(
                "all exchanges are over",
                () -> load.calls().open() == 0 && load.transfers().open() == 0);
        assertEquals(0, transfers.usedBytes());
        assertEquals(0, load.calls().waiting() + load.transfers().waiting());
    }

    @Test
    void inPiecesAnAnswerSaysWhatItSaysWhole() {
        closes = true;
        long end = Fuzz.firstSeed() + Fuzz.cases(600);
        for (long seed = Fuzz.firstSeed(); seed < end; seed += AT_ONCE) {
            long last = Math.min(end, seed + AT_ONCE);
            isCut = false;
            List<String> whole = outcomes(seed, last);
            isCut = true;
            List<String> cut = outcomes(seed, last);
            for (int i = 0; i < whole.size(); i++) {
                assertEquals(whole.get(i), cut.get(i), Fuzz.replay(seed + i));
            }
        }
    }

    private List<String> outcomes(long first, long end) {
        List<Future<String>> all = new ArrayList<>();
        for (long seed = first; seed < end; seed++) {
            long own = seed;
            all.add(loop.start(() -> outcome(own)));
        }
        return Loop.await(Future.all(all)).list();
    }

    /** A connection that was kept may be closed just now: a call that the server did not hear says nothing of its answer. */
    private Future<String> outcome(long seed) {
        heard.remove(seed);
        return call(seed)
                .transform(done -> heard.contains(seed) ? Future.succeededFuture(outcome(done)) : outcome(seed));
    }

    /** Without the time of day, which an answer without a date is taken to be of. */
    private static String outcome(AsyncResult<?> done) {
        if (done.failed()) {
            Throwable cause = done.cause();
            return cause.getClass().getSimpleName() + " " + S3Errors.status(cause) + " " + S3Errors.code(cause);
        }
        Object result = done.result() instanceof Optional<?> found ? found.orElse(null) : done.result();
        return switch (result) {
            case Observation seen -> seen.stored().toString();
            case HttpClientResponse head -> "status " + head.statusCode();
            case Object said -> said.toString();
            case null -> "done";
        };
    }

    private static Future<Void> named(long seed, Throwable failure) {
        return failure == null || failure instanceof Failure || failure instanceof Conflict
                ? Future.succeededFuture()
                : Future.failedFuture(new AssertionError(Fuzz.replay(seed), failure));
    }

    private Future<?> call(long seed) {
        String key = "fuzzed" + seed + "z";
        return switch (new Random(~seed * 31).nextInt(10)) {
            case 0 -> calls.look(key);
            case 1 -> calls.get(key, ByteRange.ALL, Optional.empty()).compose(AnswersFuzzTest::read);
            case 2 -> calls.get(key, new ByteRange(2, 4), Optional.of("\"0f\"")).compose(AnswersFuzzTest::read);
            case 3 -> store.list(key, 2).map(page -> said(page.objects(), "key"));
            case 4 -> calls.openUploadsOf(key, 2).map(Listings::uploads).map(uploads -> said(uploads, "upload"));
            case 5 -> new S3Upkeep(vertx, calls).lastUsed(key);
            case 6 -> new UploadCalls(calls, Duration.ofSeconds(1), checksums).open(key, Map.of());
            case 7 -> calls.abort(key, "u");
            case 8 ->
                calls.complete(
                        key,
                        "u",
                        List.of(CompletedPart.builder()
                                .partNumber(1)
                                .eTag("\"1\"")
                                .build()),
                        Optional.of(ONE),
                        new WriteAttempt(Map.of(), new Precondition.Absent(), calls.newWrite()));
            default ->
                calls.put(
                        key,
                        Buffer.buffer("x"),
                        ONE,
                        new WriteAttempt(Map.of(), new Precondition.Matches("\"0f\""), calls.newWrite()));
        };
    }

    private static int said(List<?> listed, String what) {
        listed.forEach(one -> assertFalse(one.toString().contains("=null"), () -> what + " " + one));
        return listed.size();
    }

    private static Future<Buffer> read(Download download) {
        return download.bytes().collect(length -> {}).map(bytes -> {
            assertEquals(download.lengthBytes(), bytes.length());
            return bytes;
        });
    }

    @Test
    void aCodeIsAWordOrNothing() {
        Fuzz.holds(10_000, random -> {
            Buffer text = Buffer.buffer(ANSWERS.mutant(random));
            String code = ErrorText.code(text);
            assertTrue(code.length() <= 64 && code.chars().allMatch(Character::isLetterOrDigit), code);
            ErrorText.element(text.toString(), "ETag");
        });
    }
}
