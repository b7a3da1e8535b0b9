package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;

/** What the disk was asked to keep before a publish is told, and what is told when it cannot. */
class DurabilityTest {

    private static final String KEPT_FILE = "a file";

    private static Vertx vertx;

    @TempDir
    Path root;

    private DataFolder folder;
    private DiskObjectStore store;

    /** What was asked for, in order: {@code a file}, or a folder's name. */
    private final List<String> kept = Collections.synchronizedList(new ArrayList<>());

    private final Set<String> failing = Collections.synchronizedSet(new HashSet<>());

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        Await.result(vertx.close());
    }

    @BeforeEach
    void open() throws IOException {
        folder = DataFolder.open(root);
        store = storeOfAProcess(vertx);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    private DiskObjectStore storeOfAProcess(Vertx process) {
        Durability watched = new Durability() {
            @Override
            public void keep(FileChannel file) throws IOException {
                asked(KEPT_FILE);
            }

            @Override
            public void keep(Path names) throws IOException {
                asked(String.valueOf(names.getFileName()));
            }
        };
        return new DiskObjectStore(process, folder, watched, InstantSource.system());
    }

    private void asked(String what) throws IOException {
        kept.add(what);
        if (failing.contains(what)) {
            throw new IOException("Input/output error");
        }
    }

    private Future<String> put(String key, Precondition condition) {
        return store.put(
                key,
                new Body(ByteSource.of(Buffer.buffer("content")), 7),
                Map.of("filename", "f"),
                Guard.once(condition));
    }

    private Future<String> putNew(String key) {
        return put(key, new Precondition.Absent());
    }

    private List<String> keptNow() {
        List<String> now = List.copyOf(kept);
        kept.clear();
        return now;
    }

    @Test
    void aNewFoldersOwnNameIsKeptToo() {
        Await.result(putNew("abc1"));
        assertEquals(List.of(KEPT_FILE, "entries", "abc"), keptNow());
    }

    @Test
    void aFolderThatIsKnownIsNotKeptAgain() {
        Await.result(putNew("abc1"));
        keptNow();
        String etag = Await.result(putNew("abc2"));
        Await.result(put("abc2", new Precondition.Matches(etag)));
        assertEquals(List.of(KEPT_FILE, "abc", KEPT_FILE, "abc"), keptNow());
    }

    /** The process before may have been killed between the two. */
    @Test
    void whatAProcessBeforeMadeIsKeptOnce() {
        Await.result(putNew("abc1"));
        keptNow();
        store = storeOfAProcess(vertx);
        Await.result(putNew("abc2"));
        Await.result(putNew("abc3"));
        assertEquals(List.of(KEPT_FILE, "entries", "abc", KEPT_FILE, "abc"), keptNow());
    }

    @Test
    void aFileThatIsNotKeptIsNotPublished() throws IOException {
        failing.add(KEPT_FILE);
        Failure.Upstream told = Await.failure(Failure.Upstream.class, putNew("abc1"));
        assertEquals("The disk store failed", told.getMessage());
        assertTrue(Await.result(store.head("abc1")).isEmpty());
        assertEquals(List.of(), left());
    }

    /** The replaced file is read as it was, and the upload may be sent again. */
    @Test
    void anUploadWhoseFileTheDiskDoesNotKeepIs503AndTheOldOneStays(@TempDir Path own) throws IOException {
        Vertx ofGateway = Vertx.vertx();
        LoopGateway.Setup setup = LoopGateway.Setup.usual().store(disk -> storeOfAProcess(ofGateway));
        try (LoopGateway gateway = LoopGateway.on(ofGateway, own, setup);
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", 1));
            assertEquals(200, client.upload(id, "old").status());
            failing.add(KEPT_FILE);
            JobClient.Reply failed = client.upload(id, "new");
            assertEquals(503, failed.status());
            assertTrue(failed.headers().firstValue("Retry-After").isPresent());
            assertEquals("old", new String(client.download(id).body(), StandardCharsets.UTF_8));
            assertEquals(List.of(), left());
            failing.clear();
            assertEquals(200, client.upload(id, "new").status());
            assertEquals("new", new String(client.download(id).body(), StandardCharsets.UTF_8));
        }
    }

    private List<Path> left() throws IOException {
        try (var left = Files.walk(root.resolve("tmp")).filter(Files::isRegularFile)) {
            return left.toList();
        }
    }

    /** And the next one asks again: that the folder is there says nothing about the disk. */
    @Test
    void nothingIsPublishedIntoAFolderThatIsNotKept() {
        failing.add("entries");
        Await.failure(Failure.Upstream.class, putNew("abc1"));
        assertTrue(Await.result(store.head("abc1")).isEmpty());
        Await.failure(Failure.Upstream.class, putNew("abc2"));
        failing.clear();
        keptNow();
        Await.result(putNew("abc1"));
        assertEquals(List.of(KEPT_FILE, "entries", "abc"), keptNow());
    }

    /** It was moved into place already, and moving it back would be no surer. */
    @Test
    void aPublishThatTheDiskDoesNotConfirmIsToldAsUnknown() {
        failing.add("abc");
        Failure.Upstream told = Await.failure(Failure.Upstream.class, putNew("abc1"));
        assertEquals("The disk did not confirm the write: whether it lasts is unknown", told.getMessage());
    }
}
