package us.kbase.caching.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;
import us.kbase.caching.testing.WatchedStore;

/** What clients see while a cache moves: one store, of which the new one is the front. */
class ReadThroughStoreTest {

    private static final Map<String, String> RESULT =
            Map.of("expiration", "4102444800", "filename", "reads.fa", "token_id", "static:alice");
    private static final Map<String, String> PLACEHOLDER =
            Map.of("expiration", "4102444800", "filename", "placeholder", "token_id", "static:alice");

    private final MemoryBucket front = new MemoryBucket(InstantSource.system());
    private final MemoryBucket behind = new MemoryBucket(InstantSource.system());
    private final ObjectStore own = front.view(MemoryBucket.Turn.AT_ONCE);
    private final ObjectStore previous = behind.view(MemoryBucket.Turn.AT_ONCE);
    private Vertx vertx;
    private Loop loop;
    private ObjectStore both;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        both = new ReadThroughStore(own, previous, InstantSource.system());
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private String put(ObjectStore store, String key, String content, Map<String, String> metadata) {
        return put(store, key, content, metadata, new Precondition.Absent());
    }

    private String put(
            ObjectStore store, String key, String content, Map<String, String> metadata, Precondition condition) {
        return loop.call(() -> write(store, key, content, metadata, condition));
    }

    private static Future<String> write(
            ObjectStore store, String key, String content, Map<String, String> metadata, Precondition condition) {
        Buffer bytes = Buffer.buffer(content);
        return store.put(key, Body.exact(ByteSource.of(bytes), bytes.length()), metadata, Guard.once(condition));
    }

    private Stored head(String key) {
        return loop.call(() -> both.head(key)).orElseThrow();
    }

    private String read(String key) {
        return text(() -> both.get(key, ByteRange.ALL));
    }

    private String text(Supplier<Future<Optional<Download>>> opened) {
        return loop.call(() -> opened.get()
                .compose(found -> found.orElseThrow().bytes().next())
                .map(Buffer::toString));
    }

    @Test
    void whatIsNotInTheNewStoreIsReadFromThePreviousOne() {
        put(previous, "a", "old", RESULT);
        assertEquals("old", read("a"));
        assertEquals(RESULT, head("a").metadata());
        assertEquals(Optional.empty(), loop.call(() -> both.head("b")));
    }

    @Test
    void whatIsInTheNewStoreIsReadThere() {
        put(previous, "a", "old", RESULT);
        put(own, "a", "new", RESULT);
        assertEquals("new", read("a"));
    }

    /** A gateway that was still to be stopped published it after the placeholder had been written. */
    @Test
    void aPlaceholderHidesNoResult() {
        put(previous, "a", "old", RESULT);
        put(own, "a", "{}", PLACEHOLDER);
        assertEquals("old", read("a"));
        assertEquals(RESULT, head("a").metadata());
        put(both, "a", "newer", RESULT, new Precondition.Matches(head("a").etag()));
        assertEquals("newer", front.bytes("a").toString());
    }

    @Test
    void aVersionThatWasSeenIsReadOnThoughItsCopyIsThereByNow() {
        put(previous, "a", "old", RESULT);
        String etag = head("a").etag();
        put(own, "a", "old", RESULT);
        assertNotEquals(etag, head("a").etag());
        assertEquals("old", text(() -> both.get("a", new ByteRange(1, 2), Optional.of(etag))));
    }

    @Test
    void whatIsReplacedIsReplacedInTheNewStore() {
        put(previous, "a", "old", RESULT);
        put(both, "a", "new", RESULT, new Precondition.Matches(head("a").etag()));
        assertEquals("new", read("a"));
        assertEquals("old", behind.bytes("a").toString());
    }

    @Test
    void aConditionHoldsOnWhatWasSeenOnly() {
        put(previous, "a", "old", RESULT);
        Stored seen = head("a");
        assertInstanceOf(
                Conflict.class, loop.failureOf(() -> write(both, "a", "new", RESULT, new Precondition.Absent())));
        // Of the same ETag, and in the other store: versions of a memory bucket are counted.
        put(own, "a", "another", RESULT);
        assertInstanceOf(
                Conflict.class,
                loop.failureOf(() -> write(both, "a", "new", RESULT, new Precondition.Matches(seen.etag()))));
        assertEquals("another", read("a"));
    }

    @Test
    void whatIsRemovedDoesNotComeBack() {
        put(previous, "a", "old", RESULT);
        loop.call(() -> both.delete("a"));
        assertTrue(behind.stored("a").isEmpty());
        MoveReport report = Loop.await(
                new Move(vertx, previous, own, InstantSource.system(), us.kbase.caching.digest.DigestAlgorithm.CRC32C)
                        .run());
        assertEquals(0, report.copied());
        assertTrue(front.stored("a").orElseThrow().metadata().containsKey("strike-until"));
    }

    @Test
    void aListingShowsEachKeyOnceAndInOrder() {
        IntStream.range(0, 30).forEach(i -> put(i % 3 == 0 ? own : previous, key(i), "x", RESULT));
        IntStream.range(0, 30).filter(i -> i % 9 == 0).forEach(i -> put(previous, key(i), "x", RESULT));
        for (int limit : List.of(1, 4, 1000)) {
            List<String> keys = new ArrayList<>();
            Page page = new Page(List.of(), true);
            while (page.more()) {
                String after = keys.isEmpty() ? "" : keys.getLast();
                page = loop.call(() -> both.list(after, limit));
                keys.addAll(page.keys());
            }
            assertEquals(
                    IntStream.range(0, 30).mapToObj(ReadThroughStoreTest::key).toList(), keys);
        }
    }

    private static String key(int number) {
        return String.format("%03d", number);
    }

    @Test
    void aUseIsNotedWhereTheResultLies() {
        put(previous, "a", "old", RESULT);
        loop.call(() -> both.upkeep().used("a", 20_000));
        assertEquals(OptionalLong.of(20_000), loop.call(() -> previous.upkeep().lastUsed("a")));
        put(own, "a", "old", RESULT);
        loop.call(() -> both.upkeep().used("a", 20_001));
        assertEquals(OptionalLong.of(20_001), loop.call(() -> own.upkeep().lastUsed("a")));
        assertEquals(OptionalLong.of(20_001), loop.call(() -> both.upkeep().lastUsed("a")));
    }

    /** Unknown is not no: what cannot be asked may be there. */
    @Test
    void whileThePreviousStoreIsDownNothingIsCalledAbsent() {
        put(own, "a", "new", RESULT);
        both = new ReadThroughStore(
                own,
                new WatchedStore(previous) {
                    @Override
                    public Future<Optional<Stored>> head(String key) {
                        return Future.failedFuture(new Failure.Upstream("down", null));
                    }
                },
                InstantSource.system());
        assertEquals("new", read("a"));
        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> both.head("b")));
        assertInstanceOf(
                Failure.Upstream.class,
                loop.failureOf(() -> write(both, "b", "x", new HashMap<>(RESULT), new Precondition.Absent())));
    }
}
