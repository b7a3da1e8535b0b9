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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;

/** A page costs a page, and a long walk is nobody else's. */
class DiskListingTest {

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

    private DiskListing listing() {
        ObjectFolders folders = Layout.of(folder);
        return new DiskListing(vertx, folders, new ObjectFiles(folders, folder.quarantine(), Durability.LAZY));
    }

    /** One of many, spread over folders of a few keys at least: new folders cost a test the most of its time. */
    private static String key(int i, int entries) {
        long folders = Math.clamp(entries / 20, 1, 4096);
        return "%03x%0125x".formatted(Math.floorMod(i * 0x9e3779b97f4a7c15L, folders), i);
    }

    /** Files without content: nobody reads them to list them. */
    private TreeSet<String> generated(int entries) throws IOException {
        ObjectFolders folders = Layout.of(folder);
        TreeSet<String> keys = new TreeSet<>();
        for (int i = 0; i < entries; i++) {
            String key = key(i, entries);
            folders.make(key);
            Files.createFile(folders.file(key));
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

    @ParameterizedTest
    @CsvSource({"1000, 300", "300, 7", "300, 300", "300, 299", "7, 1"})
    void pagesTogetherShowEveryKeyOnceAndInOrder(int entries, int limit) throws IOException {
        TreeSet<String> keys = generated(entries);
        assertEquals(List.copyOf(keys), walked(listing(), limit));
    }

    /** Also those whose folders' names are as short as they are. */
    @Test
    void keysOfEveryLengthStandInOrder() throws IOException {
        List<String> keys =
                List.of("-", "0", "A", "AB", "ABC", "ABCD", "ABCE", "ABD", "AC", "Z", "_", "a", "aBC", "ab");
        for (String key : keys) {
            Layout.made(folder, key);
        }
        assertEquals(keys, walked(listing(), 1));
        assertEquals(keys, walked(listing(), 5));
    }

    @Test
    void aPageLooksIntoTheFoldersThatItLiesInAndNoOther() throws IOException {
        TreeSet<String> keys = generated(1000);
        List<String> looked = new ArrayList<>();
        ObjectFolders watched = new ObjectFolders(folder.entries(), folder.quarantine(), Durability.LAZY) {
            @Override
            Collection<String> keys(String name, String after, int limit) throws IOException {
                looked.add(name);
                return super.keys(name, after, limit);
            }
        };
        DiskListing listing =
                new DiskListing(vertx, watched, new ObjectFiles(watched, folder.quarantine(), Durability.LAZY));
        assertEquals(List.of(keys.first()), Await.result(listing.page("", 1)).keys());
        assertTrue(looked.size() <= 2, "looked into " + looked); // the second tells that there is more
        looked.clear();
        String after = List.copyOf(keys).get(500);
        assertEquals(
                List.copyOf(keys.tailSet(after, false)).subList(0, 3),
                Await.result(listing.page(after, 3)).keys());
        assertTrue(looked.size() <= 5, "looked into " + looked);
    }

    @Test
    void whatIsNoObjectIsPassedOver() throws IOException {
        TreeSet<String> keys = generated(20);
        Files.writeString(folder.entries().resolve("a-file"), "");
        Files.createSymbolicLink(folder.entries().resolve("loop"), Path.of("loop"));
        Path objects = Layout.of(folder).folder(keys.first());
        Files.createDirectory(objects.resolve(keys.first() + "-folder"));
        Files.writeString(objects.resolve("in-a-wrong-folder"), "");
        Files.writeString(objects.resolve(keys.first().substring(0, 3) + " no key"), "");
        assertEquals(List.copyOf(keys), walked(listing(), 1));
    }

    /** What one page needs, whatever there is; by hand with {@code -Dlisting.keys=2000000}. */
    @Test
    void aPageAmongManyTakesTheTimeAndMemoryOfAPage() throws IOException {
        int entries = Integer.getInteger("listing.keys", 3_000);
        ObjectFolders folders = Layout.of(folder);
        for (int i = 0; i < entries; i++) {
            String key = key(i, entries);
            folders.make(key);
            Files.createFile(folders.file(key));
        }
        DiskListing listing = listing();
        long usedBefore = usedBytes();
        long begun = System.nanoTime();
        assertEquals(1, Await.result(listing.page("", 1)).objects().size());
        long firstMillis = (System.nanoTime() - begun) / 1_000_000;
        int found = 0;
        long heldMax = 0;
        Page page = new Page(List.of(), true);
        String after = "";
        for (int pages = 0; page.more(); pages++) {
            page = Await.result(listing.page(after, 1000));
            found += page.objects().size();
            after = page.keys().get(page.keys().size() - 1);
            if (pages % 500 == 0) {
                heldMax = Math.max(heldMax, usedBytes() - usedBefore);
            }
        }
        assertEquals(entries, found);
        assertTrue(heldMax < 8 << 20, "held " + heldMax + " bytes");
        System.out.printf(
                "%d keys: first page of one %d ms, all pages of 1000 %d ms, held at most %d bytes%n",
                entries, firstMillis, (System.nanoTime() - begun) / 1_000_000, heldMax);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
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
                Guard.once(new Precondition.Absent())));
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
        for (int i = 0; i < FileWork.BEGUN_MAX; i++) {
            waiting.add(store.head("nothing"));
        }
        Await.failure(Failure.Busy.class, store.head("nothing"));
        Await.failure(
                Failure.Busy.class,
                store.put(
                        "key",
                        new Body(ByteSource.of(Buffer.buffer("content")), 7),
                        Map.of(),
                        Guard.once(new Precondition.Absent())));
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
