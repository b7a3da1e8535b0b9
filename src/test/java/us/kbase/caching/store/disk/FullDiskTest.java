package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.SweepReport;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.Mount;

/** A disk without room, or one that nobody may write to, serves what it has and says so; what is new is refused and leaves nothing. */
class FullDiskTest {

    private static final long BYTES = 2 << 20;
    private static final long IMAGE_BYTES = 8 << 20;
    private static final byte[] RESULT = new byte[100_000];

    @TempDir
    static Path parent;

    private Path root;
    private Mount disk;
    private Gateway gateway;
    private JobClient client;
    private String ready;
    private String placeholder;

    @BeforeEach
    void folder() throws IOException {
        new Random(7).nextBytes(RESULT);
        root = Files.createTempDirectory(parent, "disk");
    }

    private void start(Mount mounted) {
        disk = mounted;
        serve();
        ready = client.cacheId(params("ready"));
        assertEquals(200, client.upload(ready, RESULT).status());
        placeholder = client.cacheId(params("placeholder"));
        String leased = client.cacheId(params("leased"));
        // A lease is given once the store was tried: what that wrote is gone again, and gives no room back later.
        assertEquals(
                "leased",
                client.ask(leased, new JsonObject().put("wait_seconds", 0)).state());
    }

    private void serve() {
        gateway = Await.result(Gateway.start(
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(root, true))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            end();
        }
        if (disk != null) {
            disk.close();
        }
    }

    private void end() {
        client.close();
        Await.result(gateway.close());
    }

    private static JsonObject params(String job) {
        return new JsonObject().put("job", job);
    }

    private JobClient.Reply ask(String job) {
        return client.send(client.request("/cache_id")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(params(job).encode())));
    }

    private void whatIsThereIsServed() {
        assertArrayEquals(RESULT, client.download(ready).body());
        assertEquals(
                200,
                client.send(client.request("/cache/" + ready).method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .status());
        assertEquals(ready, client.cacheId(params("ready")));
        assertEquals(placeholder, client.cacheId(params("placeholder")));
        assertEquals(
                "ready",
                client.ask(ready, new JsonObject().put("wait_seconds", 0)).state());
        assertEquals(200, client.send(client.request("/cache")).status());
    }

    private void whatIsNewIsRefusedInOneSentence(String sentence) throws IOException {
        for (JobClient.Reply reply : List.of(
                ask("new"),
                client.upload(placeholder, RESULT),
                client.upload(ready, RESULT),
                client.ask(placeholder, new JsonObject().put("wait_seconds", 0)))) {
            assertEquals(507, reply.status());
            assertEquals(sentence, reply.json().getString("error"));
        }
        assertArrayEquals(RESULT, client.download(ready).body());
        try (Stream<Path> left = Files.walk(root.resolve("tmp")).filter(Files::isRegularFile)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private void readinessSays(String sentence) {
        Await.until("readiness to say: " + sentence, () -> {
            JobClient.Reply reply = readiness();
            return reply.status() == 503 && reply.json().getString("error").startsWith(sentence);
        });
    }

    private JobClient.Reply readiness() {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/readyz")));
    }

    private double metric(String name) {
        try {
            String text = new String(
                    URI.create("http://127.0.0.1:" + gateway.metricsPort().orElseThrow() + "/metrics")
                            .toURL()
                            .openStream()
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Nested
    class WithoutRoom {

        private static final String FULL = "The store has no space left";

        @BeforeEach
        void fill() throws IOException {
            start(Mount.ofBytes(root, BYTES));
            assertTrue(metric("caching_disk_free_bytes") > 0);
            disk.fill();
        }

        @Test
        void servesWhatIsThereAndRefusesWhatIsNew() throws IOException {
            whatIsThereIsServed();
            whatIsNewIsRefusedInOneSentence(FULL);
            whatIsThereIsServed();
        }

        @Test
        void saysSo() {
            readinessSays(FULL);
            assertEquals(0, metric("caching_disk_free_bytes"));
            assertEquals(BYTES, metric("caching_disk_size_bytes"));
        }

        @Test
        void servesWhatIsThereAfterAStartToo() throws IOException {
            end();
            serve();
            whatIsThereIsServed();
            whatIsNewIsRefusedInOneSentence(FULL);
            readinessSays(FULL);
        }

        @Test
        void isFreedByItsUsers() {
            assertEquals(200, client.delete(ready).status());
            assertEquals(200, client.upload(placeholder, "small").status());
            Await.until("ready again", () -> readiness().status() == 200);
        }

        /** Forty days later: nothing was used, so everything has expired. */
        @Test
        void isFreedByTheSweep() throws IOException {
            end();
            gateway = null;
            Vertx vertx = Vertx.vertx();
            InstantSource later = () -> InstantSource.system().instant().plus(Duration.ofDays(40));
            try (DataFolder folder = DataFolder.open(root)) {
                DiskObjectStore store = new DiskObjectStore(vertx, folder, true, later);
                SweepOptions all = new SweepOptions(
                        SweepOptions.Effect.REMOVE, SweepOptions.Stops.HEED, Duration.ZERO, Duration.ofDays(1));
                SweepReport report = Await.result(new Sweep(vertx, store, new StoreTime(later), all).run());
                assertEquals(3, report.expired(), report.summary());
                assertEquals(3, report.removed(), report.summary());
                Await.result(store.prepare());
            } finally {
                Await.result(vertx.close());
            }
        }
    }

    @Nested
    class ThatNobodyMayWriteTo {

        private static final String READ_ONLY = "The store's file system is read only: it serves what it has";

        private static final String ORIGINAL = "a-result-of-the-original-service";

        @BeforeEach
        void abort() throws IOException {
            Mount image = Mount.ofImage(root, IMAGE_BYTES);
            writeOriginal();
            start(image);
            disk.abort();
        }

        /** Its first use is noted; a result of ours counts as used on the day of its upload. */
        private void writeOriginal() throws IOException {
            Vertx vertx = Vertx.vertx();
            try (DataFolder folder = DataFolder.open(root)) {
                Await.result(new DiskObjectStore(vertx, folder, true)
                        .put(
                                ORIGINAL,
                                Body.exact(ByteSource.of(Buffer.buffer(RESULT)), RESULT.length),
                                Map.of("expiration", "9999999999", "filename", "f", "token_id", "static:alice"),
                                Guard.once(new Precondition.Absent())));
            } finally {
                Await.result(vertx.close());
            }
        }

        @Test
        void servesWhatIsThereAndRefusesWhatIsNew() throws IOException {
            whatIsThereIsServed();
            whatIsNewIsRefusedInOneSentence(READ_ONLY);
            assertEquals(507, client.delete(ready).status());
            whatIsThereIsServed();
        }

        @Test
        void saysSo() {
            readinessSays(READ_ONLY);
        }

        /** Downloads renew: that it cannot be noted is for the operator, and no reader's matter. */
        @Test
        void notesNoUseAndTellsOfItOnce() {
            try (LogCapture log = new LogCapture()) {
                for (int i = 1; i <= 3; i++) {
                    int tries = i;
                    assertArrayEquals(RESULT, client.download(ORIGINAL).body());
                    // A download beside one whose note is on its way leaves the day to that.
                    Await.until("the note", () -> metric("caching_disk_uses_not_noted_total") == tries);
                }
                assertEquals(
                        1,
                        log.lines().stream()
                                .filter(line -> line.startsWith("Downloads do not renew"))
                                .count());
            }
        }

        @Test
        void servesWhatIsThereAfterAStartToo() throws IOException {
            end();
            serve();
            whatIsThereIsServed();
            whatIsNewIsRefusedInOneSentence(READ_ONLY);
            readinessSays(READ_ONLY);
        }

        @Test
        void isNoPlaceForANewStore() {
            stop();
            gateway = null;
            disk = Mount.ofBytes(root, BYTES);
            disk.readOnly();
            assertEquals(
                    "The data folder " + root + " holds no store, and its file system is read only.",
                    assertThrows(IOException.class, () -> DataFolder.open(root)).getMessage());
        }

        @Test
        void servesWhatIsThereAfterAStartWhenItWasMountedSo() throws IOException {
            stop();
            start(Mount.ofBytes(root, BYTES));
            end();
            disk.readOnly();
            serve();
            whatIsThereIsServed();
            whatIsNewIsRefusedInOneSentence(READ_ONLY);
            readinessSays(READ_ONLY);
            assertEquals(0, metric("caching_disk_free_bytes"));
        }
    }

    /** One file whose reading fails, though it is there: a file of the kernel's that answers EINVAL stands for a bad sector. */
    @Nested
    class ThatDoesNotGiveAFileBack {

        @BeforeEach
        void begin() {
            start(Mount.ofBytes(root, BYTES));
        }

        @Test
        void isAFaultAndNoAbsenceAndNothingIsMoved() throws IOException {
            Path file = root.resolve("entries").resolve(ready.substring(0, 3)).resolve(ready);
            try (Mount bad = Mount.ofFile(Path.of("/sys/class/net/lo/speed"), file)) {
                assertEquals(503, client.download(ready).status());
                assertEquals(503, client.delete(ready).status());
                assertEquals(503, ask("ready").status());
                assertTrue(Files.notExists(root.resolve("damaged")));
            }
            assertArrayEquals(RESULT, client.download(ready).body());
        }

        @Test
        void hidesNoOtherFromAListingWhichSaysThatItLeavesOneOut() throws IOException {
            JsonObject whole = listing();
            assertFalse(whole.containsKey("unreadable"), whole.encode());
            Path file = root.resolve("entries").resolve(ready.substring(0, 3)).resolve(ready);
            try (Mount bad = Mount.ofFile(Path.of("/sys/class/net/lo/speed"), file)) {
                JsonObject rest = listing();
                assertEquals(1, rest.getInteger("unreadable"), rest.encode());
                assertEquals(
                        whole.getJsonArray("entries").size() - 1,
                        rest.getJsonArray("entries").size());
            }
            assertEquals(whole, listing());
        }

        private JsonObject listing() {
            return client.send(client.request("/cache").GET()).json();
        }
    }

    @Test
    void aWriteThatFindsNoRoomInTheMiddleLeavesNothing() throws IOException {
        start(Mount.ofBytes(root, BYTES));
        byte[] large = new byte[(int) BYTES];
        JobClient.Reply reply = client.upload(placeholder, large);
        assertEquals(507, reply.status());
        whatIsThereIsServed();
        assertEquals(200, client.upload(placeholder, "small").status());
        assertThereIsNoTemporaryFile();
    }

    private void assertThereIsNoTemporaryFile() throws IOException {
        try (Stream<Path> left = Files.walk(root.resolve("tmp")).filter(Files::isRegularFile)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aFaultThatIsNotOfRoomIsNamedAsOne() {
        assertTrue(FileWork.named(new IOException("Input/output error")) instanceof Failure.Upstream);
        assertTrue(FileWork.named(new IOException("Disk quota exceeded")) instanceof Failure.StorageFull);
    }
}
