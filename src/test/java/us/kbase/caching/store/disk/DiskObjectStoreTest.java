package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.ForwardPool;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.ScriptedSource;

/** What only a disk can do: lose and turn bits, be full of what a crash left, be changed by others. */
class DiskObjectStoreTest {

    private static final String KEY = "key";
    private static final int MIB = 1 << 20;
    private static final Map<String, String> METADATA = Map.of("filename", "reads.fa", "token_id", "url:me");

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private static Vertx vertx;

    @TempDir
    Path root;

    private DataFolder folder;
    private DiskObjectStore store;

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
        store = new DiskObjectStore(vertx, folder, false);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        try (var leftovers = Files.walk(root.resolve("tmp")).filter(Files::isRegularFile)) {
            assertEquals(List.of(), leftovers.toList());
        }
        folder.close();
    }

    private static Guard once(Precondition condition) {
        return Guard.once(condition);
    }

    private Future<String> put(ByteSource bytes, Precondition condition) {
        return store.put(KEY, new Body(bytes, Body.UNKNOWN), METADATA, once(condition));
    }

    private Buffer stored(int bytes) {
        byte[] content = new byte[bytes];
        new Random(11).nextBytes(content);
        Await.result(put(ScriptedSource.of(Buffer.buffer(content), 64 * 1024), new Precondition.Absent()));
        return Buffer.buffer(content);
    }

    @Test
    void aCopyOfEntriesFencingAndFormatIsTheStoreAgain(@TempDir Path restored) throws IOException {
        Buffer content = stored(3 * MIB);
        List<Path> copied = Stream.of("entries", "fencing", "format")
                .map(root::resolve)
                .filter(Files::exists)
                .toList();
        for (Path each : copied) {
            try (var files = Files.walk(each)) {
                for (Path file : files.toList()) {
                    Files.copy(file, restored.resolve(root.relativize(file).toString()));
                }
            }
        }
        try (DataFolder copy = DataFolder.open(restored)) {
            Download download = Await.result(new DiskObjectStore(vertx, copy, false).get(KEY, ByteRange.ALL))
                    .orElseThrow();
            assertEquals(METADATA, download.stored().metadata());
            assertEquals(content, Await.result(download.bytes().collect(bytes -> {})));
        }
    }

    @Test
    void aShortBodyIsOnTheDiskOnlyOnceItIsWhole() {
        List<Long> filesAtEnd = new ArrayList<>();
        ByteSource short100 = new ByteSource() {
            private boolean given;

            @Override
            public Future<Buffer> next() {
                if (!given) {
                    given = true;
                    return Future.succeededFuture(Buffer.buffer(new byte[100]));
                }
                filesAtEnd.add(temporaryFiles());
                return Future.succeededFuture(END);
            }

            @Override
            public void cancel() {}
        };
        Await.result(put(short100, new Precondition.Absent()));
        assertEquals(List.of(0L), filesAtEnd);
        assertEquals(Buffer.buffer(new byte[100]), Await.result(read(ByteRange.ALL)));
    }

    private long temporaryFiles() {
        try (var files = Files.walk(root.resolve("tmp"))) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first are held together, then they are more than is held. */
    @ParameterizedTest
    @CsvSource({"4096, 1365", "4097, 1365", "20000, 1500"})
    void shortChunksAreReadBackAsOneBody(int bytes, int chunkBytes) {
        byte[] content = new byte[bytes];
        new Random(12).nextBytes(content);
        Await.result(put(ScriptedSource.of(Buffer.buffer(content), chunkBytes), new Precondition.Absent()));
        assertEquals(Buffer.buffer(content), Await.result(read(ByteRange.ALL)));
        assertEquals(Buffer.buffer(content).slice(1000, 2001), Await.result(read(new ByteRange(1000, 2000))));
    }

    @Test
    void aFolderThatIsRemovedMeanwhileIsMadeAgain() throws IOException {
        stored(10);
        Await.result(store.delete(KEY));
        Files.delete(file().getParent());
        assertEquals(stored(10), Await.result(read(ByteRange.ALL)));
    }

    @Test
    void aReadTakesLittleMemoryWhereSlowReadersHaveTakenMuchAndGivesEveryByte() {
        Buffer content = stored(3 * MIB + 17);
        long before = ForwardPool.takenBytes();
        List<ByteBuf> readers = new ArrayList<>();
        while (ForwardPool.takenBytes() < ForwardPool.limitBytes()) {
            readers.add(ForwardPool.next(128 * 1024));
        }
        try {
            Download download = Await.result(store.get(KEY, ByteRange.ALL)).orElseThrow();
            Buffer first = Await.result(download.bytes().next());
            assertEquals(4096, first.length());
            Chunk.release(first);
            download.bytes().cancel();

            assertEquals(content, Await.result(read(ByteRange.ALL)));
            assertEquals(content.slice(MIB - 5, 2 * MIB + 3), Await.result(read(new ByteRange(MIB - 5, 2 * MIB + 2))));
        } finally {
            readers.forEach(ByteBuf::release);
        }
        assertEquals(before, ForwardPool.takenBytes());
    }

    private Future<Buffer> read(ByteRange range) {
        Buffer all = Buffer.buffer();
        return store.get(KEY, range).compose(found -> {
            Download download = found.orElseThrow();
            return Pump.run(download.bytes(), chunk -> {
                        Chunk.moveTo(all, chunk);
                        return Future.succeededFuture();
                    })
                    .map(all)
                    .onFailure(cause -> download.bytes().cancel());
        });
    }

    private Path file() {
        return Layout.file(folder, KEY);
    }

    /** What the operator finds of damaged files. */
    private List<Path> aside() throws IOException {
        if (!Files.exists(root.resolve("damaged"))) {
            return List.of();
        }
        try (var kept = Files.list(root.resolve("damaged"))) {
            return kept.toList();
        }
    }

    private void turnBit(long at) throws IOException {
        try (FileChannel file = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = java.nio.ByteBuffer.allocate(1);
            file.read(one, at < 0 ? file.size() + at : at);
            one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
            file.write(one, at < 0 ? file.size() + at : at);
        }
    }

    /** A cache that gives wrong bytes is worse than none. */
    @Nested
    class ADamagedFile {

        @ParameterizedTest
        @CsvSource({"10, 0", "10, 9", "200000, 150000", "1048576, 1048575", "1048577, 1048576", "3000000, 1500000"})
        void isNeverReadToItsEndWhereverABitTurnedAndIsAbsentThenAndKeptAside(int bytes, long at) throws IOException {
            stored(bytes);
            turnBit(at);
            byte[] damaged = Files.readAllBytes(file());
            Await.failure(Failure.NotFound.class, read(ByteRange.ALL));
            assertTrue(Await.result(store.head(KEY)).isEmpty());
            assertTrue(Await.result(store.get(KEY, ByteRange.ALL)).isEmpty());
            assertArrayEquals(damaged, Files.readAllBytes(aside().get(0)));
        }

        /** A range is checked to the end of the blocks that it touches. */
        @ParameterizedTest
        @CsvSource({
            "3000000, 0, 99, 50",
            "3000000, 0, 99, 200000",
            "3000000, 500000, 500099, 500050",
            "3000000, 1048570, 1048580, 1048575",
            "3000000, 1048570, 1048580, 1048576",
            "3000000, 2999990, 2999999, 2500000",
        })
        void isNotReadByARangeEither(int bytes, long first, long last, long at) throws IOException {
            stored(bytes);
            turnBit(at);
            Await.failure(Failure.NotFound.class, read(new ByteRange(first, last)));
        }

        @Test
        void isWellForARangeThatTouchesNoDamagedBlock() throws IOException {
            Buffer content = stored(3_000_000);
            turnBit(10);
            assertEquals(content.slice(MIB, MIB + 10), Await.result(read(new ByteRange(MIB, MIB + 9))));
        }

        /** The footer is the last 24 bytes; before it stand the description and the checksums. */
        @ParameterizedTest
        @ValueSource(longs = {-1, -8, -9, -12, -13, -16, -17, -20, -24, -25, -60, -150})
        void isAbsentForEveryPartOfItsTrailer(long at) throws IOException {
            stored(3_000_000);
            turnBit(at);
            assertTrue(Await.result(store.head(KEY)).isEmpty());
            assertTrue(Await.result(store.get(KEY, ByteRange.ALL)).isEmpty());
            assertEquals(1, aside().size());
            assertEquals(1, store.damaged());
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 1, 23, 24, 1000, 2_999_999, 3_000_000, 3_000_100})
        void isAbsentWhenItIsCut(long length) throws IOException {
            stored(3_000_000);
            try (FileChannel file = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                file.truncate(length);
            }
            assertTrue(Await.result(store.get(KEY, ByteRange.ALL)).isEmpty());
        }

        @Test
        void failsWhenItIsCutWhileItIsRead() throws IOException {
            stored(3_000_000);
            Download download = Await.result(store.get(KEY, ByteRange.ALL)).orElseThrow();
            try (FileChannel file = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                file.truncate(100);
            }
            Await.failure(Failure.NotFound.class, download.bytes().next());
            download.bytes().cancel();
        }

        /** In its trailer, which every call reads, and in its content, which only a reader of it sees. */
        @ParameterizedTest
        @ValueSource(longs = {-1, 0})
        void thatCannotBePutAsideIsAbsentAllTheSameAndToldOfOnce(long at) throws IOException {
            Files.writeString(root.resolve("damaged"), "a file in the folder's place");
            stored(10);
            turnBit(at);
            try (LogCapture log = new LogCapture()) {
                Await.failure(RuntimeException.class, read(ByteRange.ALL));
                assertTrue(Await.result(store.head(KEY)).isEmpty());
                assertTrue(Await.result(store.head(KEY)).isEmpty());
                assertEquals(
                        1,
                        log.lines().stream()
                                .filter(line -> line.contains("is damaged"))
                                .count());
            }
            Await.result(put(ByteSource.of(Buffer.buffer("new")), new Precondition.Absent()));
            assertEquals("new", Await.result(read(ByteRange.ALL)).toString());
        }

        /** Nothing that was put aside is ever removed, so there is a bound; beyond it damage stays where it is. */
        @Test
        void isPutAsideUpToABound() throws IOException {
            Files.createDirectories(root.resolve("damaged"));
            for (int i = 0; i < Quarantine.FILES_MAX; i++) {
                Files.createFile(root.resolve("damaged/earlier" + i));
            }
            stored(10);
            turnBit(-1);
            assertTrue(Await.result(store.head(KEY)).isEmpty());
            assertEquals(Quarantine.FILES_MAX, aside().size());
            assertTrue(Files.exists(file()));
        }

        /** The folder of a key's file is a file itself. */
        @Test
        void thatIsInAFoldersPlaceStopsNobody() throws IOException {
            Files.writeString(folder.entries().resolve(KEY), "not a folder");
            assertTrue(Await.result(store.head(KEY)).isEmpty());
            assertTrue(Await.result(store.get(KEY, ByteRange.ALL)).isEmpty());
            Await.result(store.delete(KEY));
            Await.result(put(ByteSource.of(Buffer.buffer("new")), new Precondition.Absent()));
            assertEquals("new", Await.result(read(ByteRange.ALL)).toString());
            assertEquals("not a folder", Files.readString(aside().get(0)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "..", "a/b", "../format", "a b", "\u00e4"})
        void isNotLookedForUnderANameThatIsNoKey(String name) {
            assertTrue(Await.result(store.head(name)).isEmpty());
            assertTrue(Await.result(store.get(name, ByteRange.ALL)).isEmpty());
            Await.result(store.delete(name));
        }

        @Test
        void ofOneKeyIsNotTakenForAnothers() throws IOException {
            stored(10);
            Path other = Layout.file(folder, "key2");
            Files.copy(file(), other);
            assertTrue(Await.result(store.head("key2")).isEmpty());
            assertTrue(Await.result(store.head(KEY)).isPresent());
        }
    }

    @Nested
    class AnUpload {

        @Test
        void thatBreaksIsGivenUpOnce() {
            ScriptedSource broken = ScriptedSource.broken(Buffer.buffer("half"), 2, new Failure.ClientGone(null));
            Await.failure(Failure.ClientGone.class, put(broken, new Precondition.Absent()));
            assertEquals(1, broken.cancels());
        }

        @Test
        void whoseConditionDoesNotHoldIsGivenUpOnceAndChangesNothing() {
            Buffer before = stored(100);
            ScriptedSource source = ScriptedSource.of(Buffer.buffer("new"), 2);
            Await.failure(Conflict.class, put(source, new Precondition.Absent()));
            assertEquals(1, source.cancels());
            assertEquals(before, Await.result(read(ByteRange.ALL)));
        }

        @Test
        void thatEndsWellIsNotGivenUp() {
            ScriptedSource source = ScriptedSource.of(Buffer.buffer("new"), 2);
            Await.result(put(source, new Precondition.Absent()));
            assertEquals(0, source.cancels());
        }

        @Test
        void thatFindsNoPlaceIsGivenUp() throws IOException {
            Files.move(root.resolve("tmp"), root.resolve("elsewhere"));
            ScriptedSource source = ScriptedSource.of(Buffer.buffer("new"), 2);
            var failure = Await.failure(Failure.Upstream.class, put(source, new Precondition.Absent()));
            assertEquals("The disk store failed", failure.getMessage());
            assertEquals(1, source.cancels());
            Files.move(root.resolve("elsewhere"), root.resolve("tmp"));
        }

        @Test
        void isTakenAChunkAtATime() {
            ScriptedSource source = ScriptedSource.of(Buffer.buffer(new byte[MIB]), 4096);
            long[] most = {0};
            ByteSource watched = new ByteSource() {
                private long taken;

                @Override
                public Future<Buffer> next() {
                    most[0] = Math.max(most[0], source.givenBytes() - taken);
                    taken = source.givenBytes();
                    return source.next();
                }

                @Override
                public void cancel() {
                    source.cancel();
                }
            };
            Await.result(put(watched, new Precondition.Absent()));
            assertTrue(most[0] <= 4096, "taken ahead: " + most[0]);
        }

        @Test
        void givesEachVersionAnETagOfItsOwn() {
            stored(10);
            String first = Await.result(store.head(KEY)).orElseThrow().etag();
            String second = Await.result(put(ByteSource.of(Buffer.buffer("x")), new Precondition.Matches(first)));
            String third = Await.result(put(ByteSource.of(Buffer.buffer("x")), new Precondition.Matches(second)));
            assertEquals(3, java.util.Set.of(first, second, third).size());
        }

        @Test
        void isWholeForAReaderWhoBeganBeforeIt() {
            Buffer old = stored(3_000_000);
            Download reading = Await.result(store.get(KEY, ByteRange.ALL)).orElseThrow();
            Await.result(put(
                    ByteSource.of(Buffer.buffer("new")),
                    new Precondition.Matches(reading.stored().etag())));
            Buffer read = Buffer.buffer();
            Await.result(Pump.run(reading.bytes(), chunk -> {
                Chunk.moveTo(read, chunk);
                return Future.succeededFuture();
            }));
            assertEquals(old, read);
            assertEquals("new", Await.result(read(ByteRange.ALL)).toString());
        }
    }

    /** A put under an ETag creates nothing where nothing is, so whichever of the two comes first, nothing is left. */
    @Test
    void aDeleteDoesNotSlipBetweenAPutsLookAndItsMove() {
        for (int round = 0; round < 500; round++) {
            String etag = Await.result(put(ByteSource.of(Buffer.buffer("old")), new Precondition.Absent()));
            Future<?> replaced = put(ByteSource.of(Buffer.buffer("new")), new Precondition.Matches(etag));
            Future<?> deleted = delayed(round % 50).compose(v -> store.delete(KEY));
            Await.result(Future.join(replaced.otherwiseEmpty(), deleted));
            assertTrue(Await.result(store.head(KEY)).isEmpty(), "round " + round);
        }
    }

    private static Future<Integer> delayed(int spins) {
        return vertx.executeBlocking(
                () -> {
                    long until = System.nanoTime() + spins * 10_000L;
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    return spins;
                },
                false);
    }

    @Test
    void aDownloadThatIsGivenUpTwiceClosesItsFile() {
        assumeTrue(Files.isDirectory(OPEN_FILES), "open files are looked up in /proc");
        stored(3_000_000);
        Download download = Await.result(store.get(KEY, ByteRange.ALL)).orElseThrow();
        assertTrue(isOpen(file()));
        download.bytes().cancel();
        download.bytes().cancel();
        Await.until("the file is closed", () -> !isOpen(file()));
    }

    private static boolean isOpen(Path file) {
        try (var open = Files.list(OPEN_FILES)) {
            return open.anyMatch(link -> {
                try {
                    return Files.readSymbolicLink(link).equals(file.toRealPath());
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
