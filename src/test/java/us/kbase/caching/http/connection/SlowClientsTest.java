package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.TestSource;
import us.kbase.caching.testing.WatchedStore;

/** Clients that are slow, silent or too long, with limits short enough for a test: each ends, and hurts only itself. */
class SlowClientsTest {

    private static final long UPLOAD_BYTES_MAX = 1 << 20;
    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";

    @TempDir
    static Path folder;

    private static LoopGateway gateway;
    private static JobClient client;
    private static String id = "";
    private static volatile TestSource source = TestSource.of(1, 0);

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(
                folder,
                LoopGateway.Setup.usual()
                        .store(LargeReads::new)
                        .patience(LoopGateway.SHORT)
                        .uploadBytesMax(UPLOAD_BYTES_MAX));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Each test has connections of its own: one kept through a test of some seconds ends for its idleness just when it is used again. */
    @BeforeEach
    void upload() {
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        id = client.cacheId(new JsonObject().put("job", "slow"));
        assertEquals(200, client.upload(id, "old").status());
    }

    @AfterEach
    void close() {
        client.close();
    }

    /** Gives many bytes for what was uploaded with the name "large". */
    private static final class LargeReads extends WatchedStore {
        private static final long BYTES = 256L << 20;

        LargeReads(ObjectStore inner) {
            super(inner);
        }

        @Override
        public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
            return super.get(key, range, etag)
                    .map(found -> found.map(download ->
                            "large".equals(download.stored().metadata().get("filename")) ? large(download) : download));
        }

        private static Download large(Download small) {
            small.bytes().cancel();
            source = TestSource.of(1, BYTES);
            return new Download(small.stored(), 0, BYTES, source);
        }
    }

    private static void oldContentIsWhole() {
        assertEquals("old", new String(client.download(id).body(), StandardCharsets.UTF_8));
    }

    private static RawConnection begin(String length) {
        return new RawConnection(gateway.port())
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\n" + length + "\r\n\r\n");
    }

    /** Sends something now and then until the connection ends; what was answered. */
    private static String dripping(RawConnection connection, String drop) {
        AtomicBoolean over = new AtomicBoolean();
        Thread drip = Thread.startVirtualThread(() -> {
            try {
                while (!over.get()) {
                    connection.send(drop);
                    LockSupport.parkNanos(50_000_000);
                }
            } catch (RuntimeException closed) {
                // the end that is waited for
            }
        });
        try (connection) {
            return connection.rest();
        } finally {
            over.set(true);
            LockSupport.unpark(drip);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked"})
    void aSilentUploadIsAnswered408AndEnded(String length) {
        try (RawConnection connection = begin(length)) {
            String answer = connection.rest();
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
        }
        oldContentIsWhole();
    }

    @Test
    void anUploadOfAByteNowAndThenIsAnswered408AndEnded() {
        RawConnection connection = begin("Content-Length: 100000").send(HEAD);
        assertTrue(dripping(connection, "x").startsWith("HTTP/1.1 408 "));
        oldContentIsWhole();
    }

    @Test
    void aReaderThatTakesNothingIsCutAndItsStreamGivenUp() {
        String form = HEAD.replace("\"x\"", "\"large\"") + "x" + TAIL;
        try (RawConnection upload = begin("Content-Length: " + form.length()).send(form)) {
            assertTrue(upload.head().startsWith("HTTP/1.1 200 "));
        }
        try (RawConnection reader = new RawConnection(gateway.port())
                .send("GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n\r\n")) {
            assertTrue(reader.head().startsWith("HTTP/1.1 200 "));
            Await.until("the stream is given up", () -> source.cancelled());
            int got = reader.readUntilCut().length;
            assertTrue(got < LargeReads.BYTES, got + " bytes");
        }
    }

    @Test
    void parametersBeyondAMebibyteAreRefused() {
        try (RawConnection connection = new RawConnection(gateway.port())
                .send("POST /v1/cache_id HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 2000000\r\n\r\n"
                        + "[" + "1,".repeat(600_000))) {
            assertTrue(connection.head().startsWith("HTTP/1.1 413 "));
        }
    }

    @Test
    void anUploadThatIsSlowButSteadyEnoughIsTaken() {
        int drops = 40;
        try (RawConnection connection = begin("Content-Length: " + (HEAD.length() + drops * 100 + TAIL.length()))) {
            connection.send(HEAD);
            for (int i = 0; i < drops; i++) {
                connection.send("x".repeat(100));
                LockSupport.parkNanos(50_000_000);
            }
            assertTrue(connection.send(TAIL).head().startsWith("HTTP/1.1 200 "));
        }
        assertEquals(drops * 100, client.download(id).body().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1", "GET /v1 HTTP/1.1\r\n", "GET /v1 HTTP/1.1\r\nHost: x\r\nA: "})
    void headersThatDoNotEndEndTheConnection(String begun) {
        assertEquals("", dripping(new RawConnection(gateway.port()).send(begun), "x"));
    }

    /** They are no request: the connection is idle. */
    @Test
    void emptyLinesWithoutEndEndTheConnection() {
        assertEquals("", dripping(new RawConnection(gateway.port()), "\r\n"));
    }

    @Test
    void headersOfASecondRequestThatDoNotEndEndTheConnectionToo() {
        RawConnection connection = new RawConnection(gateway.port()).send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n");
        String first = connection.head();
        assertTrue(first.startsWith("HTTP/1.1 200 "), first);
        connection.read(contentLength(first));
        assertEquals("", dripping(connection.send("GET /v1 HT"), "x"));
    }

    private static int contentLength(String head) {
        return Integer.parseInt(
                head.toLowerCase(java.util.Locale.ROOT).replaceAll("(?s).*content-length: (\\d+).*", "$1"));
    }

    /** Job clients keep connections between their calls. */
    @Test
    void aConnectionBetweenRequestsIsLeftAlone() {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            for (int i = 0; i < 2; i++) {
                LockSupport.parkNanos(2 * LoopGateway.SHORT.head().toNanos());
                String head =
                        connection.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n").head();
                assertTrue(head.startsWith("HTTP/1.1 200 "), head);
                connection.read(contentLength(head));
            }
        }
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedBeforeTheBody() {
        try (RawConnection connection = begin("Content-Length: " + (UPLOAD_BYTES_MAX + 1))) {
            String answer = connection.rest();
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        }
        oldContentIsWhole();
    }

    @Test
    void aBodyThatTurnsOutTooLongIsRefusedAndItsConnectionEnded() {
        RawConnection connection = begin("Transfer-Encoding: chunked");
        connection.send(Integer.toHexString(HEAD.length()) + "\r\n" + HEAD + "\r\n");
        connection.send("40000000\r\n").send("x".repeat((int) UPLOAD_BYTES_MAX));
        String answer = dripping(connection, "x".repeat(1000));
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        oldContentIsWhole();
    }

    @Test
    void aSecondRequestInTheSamePacketIsAnsweredSecond() {
        String form = HEAD + "new" + TAIL;
        try (RawConnection connection = begin("Content-Length: " + form.length() + "\r\nX-Request-Id: one")
                .send(form + "GET /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n" + "X-Request-Id: two\r\nConnection: close\r\n\r\n")) {
            String answers = connection.rest();
            assertTrue(answers.indexOf("X-Request-Id: one") < answers.indexOf("X-Request-Id: two"), answers);
            assertTrue(answers.endsWith("\r\n\r\nnew"), answers);
        }
    }

    @Test
    void aClientThatClosesItsDirectionBehindAWholeUploadIsAnswered() {
        String form = HEAD + "new" + TAIL;
        for (int i = 0; i < 20; i++) {
            try (RawConnection connection =
                    begin("Content-Length: " + form.length()).send(form).endOutput()) {
                String answer = connection.rest();
                assertTrue(answer.startsWith("HTTP/1.1 200 "), "answered: " + answer);
            }
        }
        assertEquals("new", new String(client.download(id).body(), StandardCharsets.UTF_8));
    }

    @Test
    void aClientThatClosesItsDirectionInTheMiddleOfItsUploadHasLeft() {
        try (RawConnection connection =
                begin("Content-Length: 1000").send(HEAD + "half").endOutput()) {
            assertEquals("", connection.rest());
        }
        oldContentIsWhole();
    }

    @Test
    void aClientThatClosesItsDirectionWhileItWaitsForALeaseHasLeft() {
        String job = client.cacheId(new JsonObject().put("job", "leased"));
        assertEquals(
                201, client.ask(job, new JsonObject().put("wait_seconds", 0)).status());
        String wait = "{\"wait_seconds\":200}";
        long began = System.nanoTime();
        try (RawConnection connection = new RawConnection(gateway.port())
                .send("POST /v1/cache/" + job + "/lease HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\nContent-Length: " + wait.length() + "\r\n\r\n" + wait)
                .endOutput()) {
            assertEquals("", connection.rest());
        }
        assertTrue(System.nanoTime() - began < 15_000_000_000L);
    }
}
