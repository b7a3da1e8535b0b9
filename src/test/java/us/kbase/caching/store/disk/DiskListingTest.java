package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.MemoryBucket;

/** A page costs a page, and a long walk is nobody else's. */
class DiskListingTest {

    private static final int ENTRIES = 10_000;
    private static final int WORKERS = 20;

    @TempDir
    Path root;

    private Vertx vertx;
    private DataFolder folder;

    @BeforeEach
    void open() throws IOException {
        vertx = Vertx.vertx();
        folder = DataFolder.open(root);
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
        folder.close();
    }

    /** Files without content: nobody reads them to list them. */
    private TreeSet<String> generated(int entries) throws IOException {
        TreeSet<String> keys = new TreeSet<>();
        for (int i = 0; i < entries; i++) {
            String key = "%064x".formatted(i * 0x9e3779b97f4a7c15L);
            Path file = folder.object(key);
            Files.createDirectories(folder.parent(file));
            Files.createFile(file);
            keys.add(key);
        }
        return keys;
    }

    private static List<String> walked(DiskListing listing, int limit) {
        List<String> all = new ArrayList<>();
        Page page = new Page(List.of(), true);
        while (page.more()) {
            String after = all.isEmpty() ? "" : all.get(all.size() - 1);
            page = Await.result(listing.page(after, limit));
            assertTrue(page.objects().size() <= limit);
            all.addAll(page.keys());
        }
        return all;
    }

    @Test
    void pagesTogetherShowEveryKeyOnceAndInOrderThoughFewAreInMemory() throws IOException {
        TreeSet<String> keys = generated(ENTRIES);
        assertEquals(List.copyOf(keys), walked(new DiskListing(vertx, folder, 3000), 1000));
    }

    @Test
    void aPageSmallerThanWhatIsInMemoryIsShownFromThere() throws IOException {
        TreeSet<String> keys = generated(300);
        assertEquals(List.copyOf(keys), walked(new DiskListing(vertx, folder, 50), 7));
    }

    @Test
    void whatIsPublishedAndRemovedBetweenTwoPagesIsSeen() {
        DiskObjectStore store = new DiskObjectStore(vertx, folder, false);
        for (String key : List.of("a", "c", "d", "e")) {
            put(store, key);
        }
        assertEquals(List.of("a"), Await.result(store.list("", 1)).keys());
        put(store, "b");
        Await.result(store.delete("c"));
        assertEquals(List.of("b", "d", "e"), Await.result(store.list("a", 10)).keys());
    }

    private static void put(DiskObjectStore store, String key) {
        Await.result(store.put(
                key,
                new Body(ByteSource.of(Buffer.buffer("content")), 7),
                Map.of("filename", "f"),
                MemoryBucket.once(new Precondition.Absent())));
    }

    @Test
    void aLongWalkHoldsNobodyElsesWorkAndOnlySoManyWaitForIt() {
        DiskObjectStore store = new DiskObjectStore(vertx, folder, false);
        WorkerExecutor listing = vertx.createSharedWorkerExecutor("disk-listing", 1);
        CountDownLatch walk = new CountDownLatch(1);
        List<Future<Boolean>> walks = held(walk, 1, listing);
        List<Future<Page>> pages = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            pages.add(store.list("", 1));
        }
        Await.failure(Failure.Busy.class, store.list("", 1));
        assertTrue(Await.result(store.head("nothing")).isEmpty());
        assertFalse(pages.get(0).isComplete());
        walk.countDown();
        Await.result(Future.all(walks));
        Await.result(Future.all(pages));
    }

    @Test
    void workForADiskThatStandsStillIsRefusedBeyondABound() {
        DiskObjectStore store = new DiskObjectStore(vertx, folder, false);
        CountDownLatch still = new CountDownLatch(1);
        List<Future<Boolean>> stuck = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            stuck.add(vertx.executeBlocking(() -> await(still), false));
        }
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < DiskObjectStore.BEGUN_MAX; i++) {
            waiting.add(store.head("nothing"));
        }
        Await.failure(Failure.Busy.class, store.head("nothing"));
        Await.failure(
                Failure.Busy.class,
                store.put(
                        "key",
                        new Body(ByteSource.of(Buffer.buffer("content")), 7),
                        Map.of(),
                        MemoryBucket.once(new Precondition.Absent())));
        still.countDown();
        Await.result(Future.all(stuck));
        Await.result(Future.all(waiting));
        Await.until(
                "there is room again",
                () -> store.head("nothing")
                        .transform(done -> Future.succeededFuture(done.succeeded()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join());
    }

    private static List<Future<Boolean>> held(CountDownLatch latch, int threads, WorkerExecutor executor) {
        List<Future<Boolean>> held = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            held.add(executor.executeBlocking(() -> await(latch), false));
        }
        return held;
    }

    private static boolean await(CountDownLatch latch) throws InterruptedException {
        latch.await();
        return true;
    }
}
