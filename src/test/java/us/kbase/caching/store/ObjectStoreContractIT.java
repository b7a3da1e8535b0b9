package us.kbase.caching.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.Stores;
import us.kbase.caching.testing.TestSource;
import us.kbase.caching.testing.TestSource.Broken;

/** What every store promises, shown on each one that this machine can run. */
@ParameterizedClass(name = "{0}")
@MethodSource("kinds")
class ObjectStoreContractIT {

    private static final int LARGE = 12 << 20;

    @Parameter
    Stores.Kind kind;

    private Vertx vertx;
    private Loop loop;
    private ObjectStore store;

    static Stream<Stores.Kind> kinds() {
        return Stores.evenUnfitForLeases().stream();
    }

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        store = kind.start(vertx, loop);
    }

    @AfterEach
    void close() {
        loop.call(() -> store.close());
        Loop.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, 65_537, 300_000, 5_242_879, 5_242_880, 5_242_881, 5_400_000, LARGE, 33_554_433})
    void aBodyOfAnyLengthComesBackAsItWas(int bytes) {
        put("key", body(bytes), new Precondition.Absent());

        assertEquals(bytes, read("key", ByteRange.ALL, bytes, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_537, 5_242_881, LARGE, 20_000_000})
    void aBodyOfUnknownLengthComesBackAsItWas(int bytes) {
        put("key", new Body(TestSource.of(bytes, bytes), Body.UNKNOWN), new Precondition.Absent());

        assertEquals(bytes, read("key", ByteRange.ALL, bytes, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 5_242_880, LARGE})
    void aBodyShorterThanItsBoundComesBackAsItWas(int bytes) {
        Body body = new Body(TestSource.of(bytes, bytes), bytes + 400);
        put("key", body, new Precondition.Absent());

        assertEquals(bytes, read("key", ByteRange.ALL, bytes, 0));
    }

    @Test
    void metadataLengthAndETagAreKept() {
        String etag = put("key", body(77), new Precondition.Absent());
        Stored found = head("key").orElseThrow();

        assertEquals(77, found.lengthBytes());
        assertEquals("f.txt", found.metadata().get("filename"));
        assertEquals(etag, found.etag());
    }

    /** Of each road: in one call, in parts of known lengths, in parts that were collected, in one part of a guessed length. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_537, 300_000, 5_242_881, LARGE, 20_000_000})
    void theChecksumOfAllBytesIsKeptAndTold(int bytes) {
        RunningDigest digest = RunningDigest.of(DigestAlgorithm.CRC32C);
        digest.update(TestSource.bytes(bytes, 0, bytes));
        List<Digest> expected = List.of(digest.digest());
        put("known", body(bytes), new Precondition.Absent());
        put("unknown", new Body(TestSource.of(bytes, bytes), Body.UNKNOWN), new Precondition.Absent());
        put("shorter", new Body(TestSource.of(bytes, bytes), bytes + 400), new Precondition.Absent());

        for (String key : List.of("known", "unknown", "shorter")) {
            assertEquals(expected, head(key).orElseThrow().digests(), key);
            assertEquals(
                    expected,
                    loop.call(() -> store.get(key, ByteRange.ALL).map(found -> {
                        found.orElseThrow().bytes().cancel();
                        return found.get().stored().digests();
                    })),
                    key);
        }
    }

    @Test
    void whatWasNeverPutIsNotThere() {
        assertTrue(head("nothing").isEmpty());
        assertTrue(loop.call(() -> store.get("nothing", ByteRange.ALL)).isEmpty());
        loop.call(() -> store.delete("nothing"));
    }

    @Test
    void whatWasDeletedIsNotThere() {
        put("key", body(5), new Precondition.Absent());
        loop.call(() -> store.delete("key"));

        assertEquals(
                kind.leavesTombstones(),
                head("key")
                        .map(EntryMetadata::strikesUntil)
                        .map(OptionalLong::isPresent)
                        .orElse(false));
        assertEquals(kind.leavesTombstones(), head("key").isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,0,1",
        "5,9,5,5",
        "299990,400000,299990,10",
        "-7,9223372036854775807,299993,7",
        "-400000,9223372036854775807,0,300000"
    })
    void aRangeGivesItsBytesOnly(long first, long last, long start, long length) {
        put("key", body(300_000), new Precondition.Absent());
        Download download =
                loop.call(() -> store.get("key", new ByteRange(first, last))).orElseThrow();

        assertEquals(start, download.startBytes());
        assertEquals(length, download.lengthBytes());
        assertEquals(300_000, download.stored().lengthBytes());
        assertEquals(length, loop.call(() -> drain(download.bytes(), 300_000, start)));
    }

    @Test
    void aRangeOutsideIsRefusedWithTheLength() {
        put("key", body(300), new Precondition.Absent());
        Throwable failure = loop.failureOf(() -> store.get("key", new ByteRange(300, 400)));

        assertEquals(
                300,
                assertInstanceOf(Failure.RangeNotSatisfiable.class, failure).lengthBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, LARGE})
    void aReadUnderTheObjectsETagGivesItsBytes(int bytes) {
        String etag = put("key", body(bytes), new Precondition.Absent());
        Download download = loop.call(() -> store.get("key", new ByteRange(3, bytes - 1), Optional.of(etag)))
                .orElseThrow();

        assertEquals(bytes - 3, loop.call(() -> drain(download.bytes(), bytes, 3)));
    }

    @Test
    void aReadUnderTheETagOfAnObjectThatWasReplacedIsRefused() {
        String old = put("key", body(300), new Precondition.Absent());
        put("key", body(301), new Precondition.Matches(old));

        assertInstanceOf(
                Conflict.class, loop.failureOf(() -> store.get("key", new ByteRange(3, 299), Optional.of(old))));
    }

    @Test
    void aReadUnderTheETagOfWhatWasDeletedGivesNoBytes() {
        String etag = put("key", body(300), new Precondition.Absent());
        loop.call(() -> store.delete("key"));
        Future<Optional<Download>> read = loop.start(() -> store.get("key", ByteRange.ALL, Optional.of(etag)));

        if (kind.leavesTombstones()) {
            assertInstanceOf(Conflict.class, loop.failureOf(() -> read));
        } else {
            assertTrue(Loop.await(read).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 300_000, LARGE})
    void anObjectThatIsThereIsNotReplacedWhenAbsenceWasTheCondition(int bytes) {
        put("key", body(3), new Precondition.Absent());
        Throwable failure = refused("key", body(bytes), new Precondition.Absent());

        assertInstanceOf(Conflict.class, failure);
        assertEquals(3, read("key", ByteRange.ALL, 3, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 300_000, LARGE})
    void aStaleETagPublishesNothing(int bytes) {
        String old = put("key", body(3), new Precondition.Absent());
        put("key", body(4), new Precondition.Matches(old));
        Throwable failure = refused("key", body(bytes), new Precondition.Matches(old));

        assertInstanceOf(Conflict.class, failure);
        assertEquals(4, read("key", ByteRange.ALL, 4, 0));
    }

    @Test
    void aPutUnderAnETagCreatesNothingWhereNothingIs() {
        Throwable failure = refused("key", body(LARGE), new Precondition.Matches("\"0123456789abcdef\""));

        assertInstanceOf(Conflict.class, failure);
        assertTrue(head("key").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 300_000, LARGE})
    void afterAConflictTheGuardsNewConditionCounts(int bytes) {
        put("key", body(3), new Precondition.Absent());
        Guard guard = new Guard() {
            @Override
            public Precondition first() {
                return new Precondition.Absent();
            }

            @Override
            public Future<Precondition> afterConflict() {
                return store.head("key")
                        .map(found ->
                                new Precondition.Matches(found.orElseThrow().etag()));
            }
        };
        loop.call(() -> store.put("key", body(bytes), Map.of("filename", "f"), guard));

        assertEquals(bytes, read("key", ByteRange.ALL, bytes, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300_000})
    void ofSixteenConcurrentCreationsExactlyOneWins(int bytes) {
        assertEquals(1, winners(bytes, new Precondition.Absent()));
    }

    @Test
    void ofSixteenConcurrentCreationsInPartsExactlyOneWins() {
        assumeTrue(kind.isFitForLeases(), "the server is known to be unfit for leases");
        assertEquals(1, winners(6_000_000, new Precondition.Absent()));
    }

    @Test
    void ofSixteenConcurrentReplacementsExactlyOneWins() {
        String etag = put("key", body(3), new Precondition.Absent());

        assertEquals(1, winners(20, new Precondition.Matches(etag)));
    }

    private int winners(int bytes, Precondition condition) {
        AtomicInteger wins = new AtomicInteger();
        loop.call(() -> Future.join(IntStream.range(0, 16)
                .mapToObj(i -> store.put(
                                "key",
                                new Body(TestSource.of(bytes + i, bytes), bytes),
                                Map.of("filename", "f" + i),
                                only(condition))
                        .onSuccess(v -> wins.incrementAndGet())
                        .otherwiseEmpty())
                .toList()));
        return wins.get();
    }

    @ParameterizedTest
    @CsvSource({"10,3", "300000,70000", "300000,299999", "12582912,0", "12582912,6000000", "12582912,12582911"})
    void aBodyThatBreaksLeavesTheOldContent(int bytes, int breaksAt) {
        String old = put("key", body(3), new Precondition.Absent());
        TestSource source = TestSource.breaking(bytes, bytes, breaksAt);
        Throwable failure = refused("key", new Body(source, bytes), new Precondition.Matches(old));

        assertInstanceOf(Broken.class, failure);
        assertTrue(source.cancelled());
        assertEquals(old, head("key").orElseThrow().etag());
        assertEquals(3, read("key", ByteRange.ALL, 3, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {70_000, 6_000_000})
    void aBodyOfUnknownLengthThatBreaksLeavesTheOldContent(int breaksAt) {
        String old = put("key", body(3), new Precondition.Absent());
        Body body = new Body(TestSource.breaking(9, LARGE, breaksAt), Body.UNKNOWN);

        assertInstanceOf(Broken.class, refused("key", body, new Precondition.Matches(old)));
        assertEquals(3, read("key", ByteRange.ALL, 3, 0));
    }

    @Test
    void readersSeeTheOldOrTheNewWholeWhileItIsReplaced() {
        int bytes = 6_000_000;
        put("key", body(bytes), new Precondition.Absent());
        List<Future<Long>> readers = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            readers.add(loop.start(() -> store.get("key", ByteRange.ALL)
                    .compose(found -> drain(
                            found.orElseThrow().bytes(), found.orElseThrow().lengthBytes(), 0))));
            String etag = head("key").orElseThrow().etag();
            put("key", body(bytes + 1 + round), new Precondition.Matches(etag));
        }
        readers.forEach(reader -> assertTrue(Loop.await(reader) >= bytes));
    }

    @Test
    void aDownloadThatIsGivenUpFreesItsConnection() {
        put("key", body(LARGE), new Precondition.Absent());
        for (int i = 0; i < 60; i++) {
            Download download = loop.call(() -> store.get("key", ByteRange.ALL)).orElseThrow();
            loop.call(() -> download.bytes().next().onSuccess(first -> {
                Chunk.release(first);
                download.bytes().cancel();
            }));
        }
        assertEquals(LARGE, read("key", ByteRange.ALL, LARGE, 0));
    }

    @Test
    void keysAreListedInOrderPageByPage() {
        List<String> keys = Stream.generate(() -> UUID.randomUUID().toString())
                .limit(25)
                .sorted()
                .toList();
        loop.call(() -> Future.join(keys.stream()
                .map(key -> store.put(key, body(1), Map.of("filename", "f"), only(new Precondition.Absent())))
                .toList()));
        List<String> seen = new ArrayList<>();
        boolean more = true;
        while (more) {
            Page page = loop.call(() -> store.list(seen.isEmpty() ? "" : seen.get(seen.size() - 1), 10));
            seen.addAll(page.keys());
            more = page.more();
        }
        assertEquals(keys, seen);
        assertFalse(loop.call(() -> store.list("zzzz", 10)).more());
    }

    private static Body body(int bytes) {
        return new Body(TestSource.of(bytes, bytes), bytes);
    }

    private String put(String key, Body body, Precondition condition) {
        return loop.call(() -> store.put(key, body, Map.of("filename", "f.txt"), only(condition)));
    }

    private Throwable refused(String key, Body body, Precondition condition) {
        return loop.failureOf(() -> store.put(key, body, Map.of("filename", "f.txt"), only(condition)));
    }

    private Optional<Stored> head(String key) {
        return loop.call(() -> store.head(key));
    }

    /** Reads and checks; gives the number of bytes. */
    private long read(String key, ByteRange range, long seed, long start) {
        return loop.call(() ->
                store.get(key, range).compose(found -> drain(found.orElseThrow().bytes(), seed, start)));
    }

    private static Future<Long> drain(ByteSource source, long seed, long start) {
        long[] place = {start};
        return Pump.run(source, chunk -> {
                    TestSource.check(seed, place[0], chunk);
                    place[0] += chunk.length();
                    Chunk.release(chunk);
                    return Future.succeededFuture();
                })
                .map(v -> place[0] - start);
    }

    private static Guard only(Precondition condition) {
        return Guard.once(condition);
    }
}
