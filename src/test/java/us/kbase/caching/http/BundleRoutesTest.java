package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.bundle.HandmadeZip;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.WatchedStore;

/** The files of a bundle over HTTP. */
class BundleRoutesTest {

    private static final String CONTENT = "0123456789";
    private static final MemoryPlan MEMORY = MemoryPlan.ofThisProcess();
    private static final byte[] LONG = new byte[3 << 20];

    @TempDir
    private static Path folder;

    private static LoopGateway gateway;
    private static JobClient client;
    private static ChangingStore store;

    /** Puts another object in the place of one between two reads of it. */
    private static final class ChangingStore extends WatchedStore {
        private volatile Runnable afterNextGet = () -> {};

        ChangingStore(ObjectStore inner) {
            super(inner);
        }

        @Override
        public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
            return super.get(key, range, etag).onComplete(done -> {
                Runnable change = afterNextGet;
                afterNextGet = () -> {};
                change.run();
            });
        }
    }

    @BeforeAll
    static void start() {
        new Random(1).nextBytes(LONG);
        gateway = LoopGateway.on(
                folder, LoopGateway.Setup.usual().memory(MEMORY).store(inner -> store = new ChangingStore(inner)));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        assertEquals(0, MEMORY.replies().usedBytes());
    }

    private static String put(byte[] archive) {
        String id = client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        replace(id, archive);
        return id;
    }

    private static void replace(String id, byte[] archive) {
        assertEquals(
                200,
                client.send(client.request("/cache/" + id).PUT(BodyPublishers.ofByteArray(archive)))
                        .status());
    }

    private static String put(HandmadeZip zip) {
        return put(zip.bytes());
    }

    private static JobClient.Reply get(String id, String path, String... headers) {
        HttpRequest.Builder request = client.request("/cache/" + id + "/files" + path);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.GET());
    }

    private static JobClient.Reply head(String id, String path) {
        return client.send(client.request("/cache/" + id + "/files" + path).method("HEAD", BodyPublishers.noBody()));
    }

    private static String text(JobClient.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static String header(JobClient.Reply reply, String name) {
        return reply.headers().firstValue(name).orElse("none");
    }

    private static HandmadeZip sample() {
        return new HandmadeZip()
                .with(HandmadeZip.entry("folder/", new byte[0]).mode(040755))
                .with("folder/grün.txt", CONTENT)
                .deflated("deflated", new byte[100_000])
                .with("empty", "")
                .with(HandmadeZip.entry("long", LONG));
    }

    @Test
    void theFilesAreListed() {
        JobClient.Reply reply = get(put(sample()), "");
        assertEquals(200, reply.status());
        List<String> paths = reply.json().getJsonArray("files").stream()
                .map(file -> ((JsonObject) file).getString("path"))
                .toList();
        assertEquals(List.of("folder/", "folder/grün.txt", "deflated", "empty", "long"), paths);
        assertEquals(
                new JsonObject()
                        .put("bytes", 10)
                        .put("crc32", "a684c7c6")
                        .put("method", "stored")
                        .put("mode", "0644")
                        .put("modified", "1980-01-01T00:00:00Z")
                        .put("path", "folder/grün.txt")
                        .put("type", "file"),
                reply.json().getJsonArray("files").getJsonObject(1));
        assertEquals("ok", reply.json().getString("status"));
    }

    @Test
    void aListOfThousandsIsSentPieceByPiece() {
        HandmadeZip zip = new HandmadeZip();
        for (int i = 0; i < 12_000; i++) {
            zip.with("a-folder-with-a-name/file-" + i, "");
        }
        String id = put(zip);
        assertEquals(12_000, get(id, "").json().getJsonArray("files").size());
        assertEquals(200, get(id, "/a-folder-with-a-name/file-11999").status());
    }

    @Test
    void aListIsKnownByTheResultsTag() {
        String id = put(sample());
        String etag = header(client.download(id), "ETag");
        assertEquals(304, get(id, "", "If-None-Match", etag).status());
        assertEquals(412, get(id, "", "If-Match", "\"x\"").status());
        assertEquals(200, head(id, "").status());
        assertEquals(0, head(id, "").body().length);
    }

    @Test
    void aFileIsSentWithItsNameTypeAndTag() {
        String id = put(sample());
        JobClient.Reply reply = get(id, "/folder/gr%C3%BCn.txt");
        assertEquals(CONTENT, text(reply));
        assertEquals("text/plain; charset=utf-8", header(reply, "Content-Type"));
        assertEquals("bytes", header(reply, "Accept-Ranges"));
        assertEquals(
                "inline; filename=\"grun.txt\"; filename*=UTF-8''gr%C3%BCn.txt", header(reply, "Content-Disposition"));
        assertTrue(!header(reply, "ETag").equals(header(client.download(id), "ETag")));
        assertTrue(!header(reply, "ETag").equals(header(get(id, "/long"), "ETag")));
        JobClient.Reply asked = head(id, "/folder/gr%C3%BCn.txt");
        assertEquals("10", header(asked, "Content-Length"));
        assertEquals(header(reply, "ETag"), header(asked, "ETag"));
        assertArrayEquals(LONG, get(id, "/long").body());
        assertEquals("", text(get(id, "/empty")));
    }

    @ParameterizedTest
    @CsvSource({"bytes=2-5, 2345, bytes 2-5/10", "bytes=-3, 789, bytes 7-9/10", "bytes=8-99, 89, bytes 8-9/10"})
    void aRangeOfAFileIsSent(String range, String content, String contentRange) {
        JobClient.Reply reply = get(put(sample()), "/folder/gr%C3%BCn.txt", "Range", range);
        assertEquals(206, reply.status());
        assertEquals(content, text(reply));
        assertEquals(contentRange, header(reply, "Content-Range"));
    }

    @Test
    void conditionsAreAboutTheFile() {
        String id = put(sample());
        String path = "/folder/gr%C3%BCn.txt";
        String etag = header(head(id, path), "ETag");
        assertEquals(304, get(id, path, "If-None-Match", etag).status());
        assertEquals(200, get(id, path, "If-None-Match", "\"x\"").status());
        assertEquals(412, get(id, path, "If-Match", "\"x\"").status());
        assertEquals(206, get(id, path, "Range", "bytes=0-1", "If-Range", etag).status());
        assertEquals(
                200, get(id, path, "Range", "bytes=0-1", "If-Range", "\"x\"").status());
        JobClient.Reply outside = get(id, path, "Range", "bytes=10-");
        assertEquals(416, outside.status());
        assertEquals("bytes */10", header(outside, "Content-Range"));
    }

    @Test
    void aDeflatedFileIsInflatedAndHasNoRanges() {
        String id = put(sample());
        JobClient.Reply reply = get(id, "/deflated", "Range", "bytes=0-1");
        assertEquals(200, reply.status());
        assertArrayEquals(new byte[100_000], reply.body());
        assertEquals("none", header(reply, "Accept-Ranges"));
        assertEquals("100000", header(reply, "Content-Length"));
    }

    @Test
    void aRangeCostsTwoCallsOfTheStore() {
        String id = put(sample());
        store.forget();
        assertEquals("34", text(get(id, "/folder/gr%C3%BCn.txt", "Range", "bytes=3-4")));
        assertEquals(List.of(id, id), store.keys());
        store.forget();
        assertEquals(CONTENT, text(get(id, "/folder/gr%C3%BCn.txt")));
        assertEquals(List.of(id, id), store.keys());
    }

    /** Its header says where it begins. */
    @Test
    void aRangeOfAFileBehindALongerHeaderIsRightToo() {
        HandmadeZip zip = new HandmadeZip()
                .with(HandmadeZip.entry("a", CONTENT.getBytes(StandardCharsets.UTF_8))
                        .localExtra(new byte[9]))
                .with("b", "x");
        assertEquals("34", text(get(put(zip), "/a", "Range", "bytes=3-4")));
    }

    @Test
    void aResultThatIsReplacedMeanwhileIsReadAnew() {
        String id = put(HandmadeZip.of("a", CONTENT));
        store.afterNextGet = () -> Thread.ofVirtual()
                .start(() ->
                        replace(id, HandmadeZip.of("x", "y").with("a", "other").bytes()));
        String sent = text(get(id, "/a"));
        assertTrue(List.of(CONTENT, "other").contains(sent), sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/folder", "/folder/", "/..", "/folder/../long", "/%2e%2e/x", "/a%2F..%2Flong"})
    void whatTheDirectoryDoesNotNameIs404(String path) {
        assertEquals(404, get(put(sample()), path).status());
    }

    /** Found out behind the directory, its payment was never given back. */
    @Test
    void aPathThatIsNoUtf8Is400AndHoldsNothing() {
        assertEquals(400, get(put(sample()), "/%ff").status());
        Await.until("all paid back", () -> MEMORY.replies().usedBytes() == 0);
    }

    @Test
    void aHeaderThatIsTooLongToBeHeldIs409() {
        HandmadeZip.Entry padded =
                HandmadeZip.entry("a", CONTENT.getBytes(StandardCharsets.UTF_8)).localExtra(HandmadeZip.padding(8192));
        String id = put(new HandmadeZip().with(padded).with("b", "x"));
        for (String range : List.of("bytes=0-", "bytes=3-4")) {
            JobClient.Reply reply = get(id, "/a", "Range", range);
            assertEquals(409, reply.status());
            assertTrue(reply.json().getString("error").contains("more than 8 KiB"), text(reply));
        }
        assertEquals(409, get(id, "/a").status());
        assertEquals("x", text(get(id, "/b")));
    }

    /** A store of an earlier day's result, where a note of its use takes for ever. */
    private static final class SlowNotes extends WatchedStore {
        SlowNotes(ObjectStore inner) {
            super(inner);
        }

        @Override
        public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
            return super.get(key, range, etag).map(found -> found.map(SlowNotes::asOfAnotherWriter));
        }

        private static Download asOfAnotherWriter(Download download) {
            Stored stored = download.stored();
            Map<String, String> metadata = new HashMap<>(stored.metadata());
            metadata.remove("idle-days");
            return new Download(
                    new Stored(stored.key(), stored.etag(), stored.lengthBytes(), metadata),
                    download.startBytes(),
                    download.lengthBytes(),
                    download.bytes());
        }

        @Override
        public Upkeep upkeep() {
            Upkeep inner = super.upkeep();
            return (Upkeep) Proxy.newProxyInstance(
                    Upkeep.class.getClassLoader(),
                    new Class<?>[] {Upkeep.class},
                    (proxy, method, arguments) -> method.getName().equals("used")
                            ? Promise.promise().future()
                            : method.invoke(inner, arguments));
        }
    }

    @Test
    void aTransferEndsWithItsReplyAndNotWithTheRenewal(@TempDir Path other) {
        try (LoopGateway one = LoopGateway.on(
                        other,
                        LoopGateway.Setup.usual()
                                .limits(new UserLimits.Settings(1, 0))
                                .store(SlowNotes::new));
                JobClient alice = new JobClient(one.port(), JobClient.TOKEN)) {
            String id = alice.cacheId(new JsonObject().put("job", 1));
            HttpRequest.Builder upload =
                    alice.request("/cache/" + id).PUT(BodyPublishers.ofByteArray(sample().bytes()));
            assertEquals(200, alice.send(upload).status());
            HttpRequest.Builder empty =
                    alice.request("/cache/" + id + "/files/empty").GET();
            Await.until("room for it", () -> alice.send(empty).status() == 200);
            Await.until("room for another", () -> alice.send(empty).status() == 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a text of more than twenty-two bytes that is no ZIP file"})
    void whatIsNoZipFileIs409WithASentence(String content) {
        String id = put(content.getBytes(StandardCharsets.UTF_8));
        for (String path : List.of("", "/a")) {
            JobClient.Reply reply = get(id, path);
            assertEquals(409, reply.status());
            assertTrue(reply.json().getString("error").contains("so there are no files in it"), text(reply));
        }
    }

    @Test
    void whoseItIsIsDecidedFirst() {
        String id = put(sample());
        String none =
                client.cacheId(new JsonObject().put("job", UUID.randomUUID().toString()));
        assertEquals(404, get(none, "").status());
        try (JobClient other = new JobClient(gateway.port(), "other")) {
            assertEquals(
                    403,
                    other.send(other.request("/cache/" + id + "/files").GET()).status());
            assertEquals(
                    403,
                    other.send(other.request("/cache/" + id + "/files/long").GET())
                            .status());
        }
    }

    /** A damaged file may begin, and never ends. */
    @Test
    void aFlippedByteNeverMakesAWholeReply() {
        byte[] archive = sample().bytes();
        byte[] flipped = archive.clone();
        flipped[1_000_000] ^= 1;
        String id = put(flipped);
        assertThrows(UncheckedIOException.class, () -> get(id, "/long"));
        assertArrayEquals(
                Arrays.copyOfRange(LONG, 2_000_000, 2_000_010),
                get(id, "/long", "Range", "bytes=2000000-2000009").body());
    }

    @Test
    void aSmallDamagedFileIsRefusedBeforeItBegins() {
        HandmadeZip zip = HandmadeZip.of("a", CONTENT).deflated("b", new byte[1000]);
        byte[] archive = zip.bytes();
        archive[35] ^= 1;
        archive[45 + 31] ^= 1;
        String id = put(archive);
        assertEquals(409, get(id, "/a").status());
        int status;
        try {
            status = get(id, "/b").status();
        } catch (UncheckedIOException cut) {
            status = 409;
        }
        assertEquals(409, status);
    }

    @Test
    void aHeaderThatContradictsTheDirectoryIsRefused() {
        byte[] archive = HandmadeZip.of("a", CONTENT).bytes();
        archive[30] = 'b';
        assertEquals(409, get(put(archive), "/a").status());
    }
}
