package us.kbase.caching.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.EntryMetadata;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.store.WrongChecksum;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;
import us.kbase.caching.testing.WatchedStore;

/** What a move must not do: lose a living result, bring back a removed one, or leave a wrong copy in front of a right one. */
class MoveRulesTest {

    private static final String KEY = "a".repeat(128);
    private static final String LIVING = "4102444800";
    private static final String OVER = "1000000000";
    private static final Map<String, String> RESULT = entry("reads.fa", LIVING);
    private static final Map<String, String> EXPIRED = entry("reads.fa", OVER);
    private static final Map<String, String> PLACEHOLDER = entry("placeholder", LIVING);
    private static final InstantSource CLOCK = InstantSource.system();

    private final MemoryBucket front = new MemoryBucket(CLOCK);
    private final MemoryBucket behind = new MemoryBucket(CLOCK);
    private final ObjectStore own = front.view(MemoryBucket.Turn.AT_ONCE);
    private final ObjectStore previous = behind.view(MemoryBucket.Turn.AT_ONCE);
    private final ObjectStore both = new ReadThroughStore(own, previous, CLOCK);
    private final long today = System.currentTimeMillis() / 86_400_000;
    private Vertx vertx;
    private Loop loop;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private static Map<String, String> entry(String filename, String expiration) {
        return Map.of("expiration", expiration, "filename", filename, "token_id", "static:alice");
    }

    private static long now() {
        return CLOCK.instant().getEpochSecond();
    }

    private String put(ObjectStore store, String content, Map<String, String> metadata) {
        return loop.call(() -> store.head(KEY).compose(found -> write(store, content, metadata, found)));
    }

    private static Future<String> write(
            ObjectStore store, String content, Map<String, String> metadata, Optional<Stored> over) {
        Buffer bytes = Buffer.buffer(content);
        return store.put(
                KEY,
                Body.exact(ByteSource.of(bytes), bytes.length()),
                metadata,
                Guard.once(ReadThroughStore.inPlaceOf(over)));
    }

    private MoveReport move(ObjectStore source, ObjectStore target) {
        return loop.call(() -> new Move(vertx, source, target, CLOCK, DigestAlgorithm.CRC32C).run());
    }

    private String read() {
        return loop.call(() -> both.get(KEY, ByteRange.ALL)
                .compose(found -> found.orElseThrow().bytes().next())
                .map(Buffer::toString));
    }

    private String filename() {
        return loop.call(() -> both.head(KEY)).orElseThrow().metadata().get("filename");
    }

    private static ObjectStore withoutNotes(ObjectStore store) {
        Upkeep inner = store.upkeep();
        Upkeep upkeep = (Upkeep) Proxy.newProxyInstance(
                Upkeep.class.getClassLoader(),
                new Class<?>[] {Upkeep.class},
                (proxy, method, arguments) -> method.getName().equals("used")
                        ? Future.failedFuture(new UnsupportedOperationException("no tags"))
                        : method.invoke(inner, arguments));
        return new WatchedStore(store) {
            @Override
            public Upkeep upkeep() {
                return upkeep;
            }
        };
    }

    /** It was killed between the copy and the note. */
    @Test
    void aCopyWhoseLastUseWasNotNotedIsComparedAndGetsItsNote() {
        String etag = put(previous, "old", EXPIRED);
        loop.call(() -> previous.upkeep().used(KEY, today));
        Map<String, String> copy = new HashMap<>(EXPIRED);
        copy.put("moved-from", etag.replace("\"", ""));
        put(own, "old", copy);
        MoveReport report = move(previous, own);
        assertEquals(1, report.same(), report.summary());
        assertEquals(OptionalLong.of(today), loop.call(() -> own.upkeep().lastUsed(KEY)));
    }

    @Test
    void anExpiredCopyOfWhatWasReplacedSinceIsReplacedToo() {
        Map<String, String> copy = new HashMap<>(EXPIRED);
        copy.put("moved-from", "of-another");
        put(own, "older", copy);
        put(previous, "old", RESULT);
        assertEquals(1, move(previous, own).copied());
        assertEquals("old", front.bytes(KEY).toString());
    }

    @Test
    void whatExpiredInTheNewStoreAndIsNoCopyStays() {
        put(own, "own", EXPIRED);
        put(previous, "old", RESULT);
        assertEquals(1, move(previous, own).there());
        assertEquals("own", front.bytes(KEY).toString());
    }

    @Test
    void whatLivesByItsLastUseAloneLivesInAStoreThatKeepsNoNotesToo() {
        put(previous, "old", EXPIRED);
        loop.call(() -> previous.upkeep().used(KEY, today));
        MoveReport report = move(previous, withoutNotes(own));
        assertEquals(1, report.copied(), report.summary());
        Stored copy = front.stored(KEY).orElseThrow();
        assertInstanceOf(Entry.File.class, Entry.of(copy, now()));
        assertEquals(
                EntryMetadata.expires(behind.stored(KEY).orElseThrow(), OptionalLong.of(today)),
                EntryMetadata.expiration(copy));
    }

    @Test
    void aCopyThatExpiresForWantOfANoteIsNamed() {
        String etag = put(previous, "old", EXPIRED);
        loop.call(() -> previous.upkeep().used(KEY, today));
        Map<String, String> copy = new HashMap<>(EXPIRED);
        copy.put("moved-from", etag.replace("\"", ""));
        put(own, "old", copy);
        MoveReport report = move(previous, withoutNotes(own));
        assertEquals(1, report.failed(), report.summary());
        assertEquals(KEY, report.shown().getFirst().cacheId());
    }

    @Test
    void anExpiredPlaceholderHidesNoResult() {
        put(own, "{}", entry("placeholder", OVER));
        put(previous, "old", RESULT);
        assertEquals("old", read());
        assertEquals(1, move(previous, own).copied());
        assertEquals("old", front.bytes(KEY).toString());
    }

    @Test
    void whatTookThePlaceOfAnExpiredResultHidesWhatThatReplaced() {
        put(own, "own", EXPIRED);
        put(own, "{}", EntryMetadata.burying(front.stored(KEY).orElseThrow()));
        put(previous, "old", RESULT);
        assertEquals("placeholder", filename());
        assertEquals(1, move(previous, own).there());
    }

    /** It is reserved, and leased, again. */
    @Test
    void whatWasReplacedDoesNotComeBackWhenItsReplacementExpired() {
        put(previous, "old", RESULT);
        put(own, "new", EXPIRED);
        for (int i = 0; i < 2; i++) {
            put(both, "{}", PLACEHOLDER);
            assertEquals("placeholder", filename());
        }
        assertEquals(1, move(previous, own).there());
        put(both, "newer", RESULT);
        assertEquals("newer", read());
    }

    @Test
    void aPlaceholderHidesNoResultThatLivesByItsLastUse() {
        put(own, "{}", PLACEHOLDER);
        put(previous, "old", EXPIRED);
        assertEquals("placeholder", filename());
        loop.call(() -> previous.upkeep().used(KEY, today));
        assertEquals("reads.fa", filename());
    }

    /** The new store, where something happens between the last look of a copy and its landing. */
    private ObjectStore ownWhereACopyIsLate(Runnable meanwhile) {
        return new WatchedStore(own) {
            @Override
            public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
                return super.put(key, body, metadata, new Guard() {
                    @Override
                    public Precondition first() {
                        return guard.first();
                    }

                    @Override
                    public Future<Precondition> afterConflict() {
                        return guard.afterConflict();
                    }

                    @Override
                    public Future<String> publish(Function<Precondition, Future<Optional<String>>> attempt) {
                        return guard.publish(condition -> vertx.executeBlocking(() -> {
                                    meanwhile.run();
                                    return condition;
                                })
                                .compose(attempt));
                    }
                });
            }
        };
    }

    /** The second removal meets an id that was reserved again, and a previous store that has nothing of it any more. */
    @Test
    void aLateCopyBringsNothingBackThatWasRemovedTwice() {
        put(previous, "old", RESULT);
        MoveReport report = move(previous, ownWhereACopyIsLate(() -> {
            Loop.await(both.delete(KEY));
            Loop.await(own.head(KEY).compose(found -> write(own, "{}", PLACEHOLDER, found)));
            Loop.await(both.delete(KEY));
        }));
        assertEquals(1, report.changed(), report.summary());
        assertEquals("placeholder", filename());
    }

    private boolean removed(Observation seen) {
        GuardedRemoval removal = arm(seen);
        return loop.call(removal::mark) && loop.call(removal::remove);
    }

    private GuardedRemoval arm(Observation seen) {
        return both.upkeep().arm(seen, EntryMetadata.tombstone(seen.stored(), now() + 10));
    }

    private Observation look() {
        return loop.call(() -> both.upkeep().look(KEY)).orElseThrow();
    }

    @Test
    void theRemovalOfOneVersionLeavesATombstoneForLateCopiesThatNobodyWaitsFor() {
        put(own, "own", RESULT);
        assertTrue(removed(look()));
        Stored tombstone = front.stored(KEY).orElseThrow();
        assertTrue(EntryMetadata.strikesUntil(tombstone).getAsLong() < now(), tombstone.toString());
    }

    /** The copy as the first put of a run; what takes it back is a put too. */
    private ObjectStore ownWhoseFirstPut(Function<Future<String>, Future<String>> answer, String kept) {
        AtomicBoolean done = new AtomicBoolean();
        return new WatchedStore(own) {
            @Override
            public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
                if (done.getAndSet(true)) {
                    return super.put(key, body, metadata, guard);
                }
                Buffer other = Buffer.buffer(kept);
                return answer.apply(super.put(key, Body.exact(ByteSource.of(other), other.length()), metadata, guard));
            }
        };
    }

    @Test
    void aCopyThatTheNewStoreKeptWronglyIsTakenBack() {
        put(previous, "old", RESULT);
        MoveReport report = move(previous, ownWhoseFirstPut(put -> put, "other"));
        assertEquals(1, report.damaged(), report.summary());
        assertEquals("old", read());
        assertEquals(1, move(previous, own).copied());
    }

    @Test
    void aCopyWhoseChecksumTheNewStoreFoundToBeAnotherIsTakenBack() {
        put(previous, "old", RESULT);
        MoveReport report = move(
                previous,
                ownWhoseFirstPut(
                        put -> put.compose(etag -> Future.failedFuture(
                                new Failure.Upstream("other bytes", new WrongChecksum("a", "b", etag)))),
                        "other"));
        assertEquals(1, report.failed(), report.summary());
        assertEquals("old", read());
        assertEquals(1, move(previous, own).copied());
    }

    /** A store whose ETags name bytes, and where all bytes are the same. */
    private static final class EtagsOfBytes extends WatchedStore {
        private static final String ETAG = "\"bytes\"";

        EtagsOfBytes(ObjectStore inner) {
            super(inner);
        }

        @Override
        public Future<Optional<Stored>> head(String key) {
            return super.head(key)
                    .map(found -> found.map(stored -> new Stored(key, ETAG, stored.lengthBytes(), stored.metadata())));
        }

        @Override
        public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
            return super.get(key, range, Optional.empty());
        }

        @Override
        public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
            return guard.publish(condition -> super.head(key)
                    .compose(found -> super.put(key, body, metadata, Guard.once(ReadThroughStore.inPlaceOf(found))))
                    .map(etag -> Optional.of(ETAG)));
        }
    }

    @Test
    void theSameBytesPublishedByAnotherAreNotRemovedFromThePreviousStore() {
        put(previous, "old", RESULT);
        ObjectStore shown = new ReadThroughStore(own, new EtagsOfBytes(previous), CLOCK);
        Observation seen = loop.call(() -> shown.upkeep().look(KEY)).orElseThrow();
        Map<String, String> others = new HashMap<>(RESULT);
        others.put("token_id", "static:bob");
        put(previous, "old", others);
        GuardedRemoval removal = shown.upkeep().arm(seen, EntryMetadata.tombstone(seen.stored(), 0));
        assertFalse(loop.call(removal::mark));
        assertTrue(behind.stored(KEY).isPresent());
    }

    @Test
    void aResultThatCameToThePreviousStoreAfterTheLookIsNotRemovedFromIt() {
        put(own, "{}", PLACEHOLDER);
        Observation seen = look();
        put(previous, "late", RESULT);
        assertFalse(loop.call(arm(seen)::mark));
        assertEquals("late", read());
    }

    @Test
    void whereAnotherVersionIsInTheNewStoreByNowNothingIsRemovedFromThePreviousOne() {
        put(own, "own", RESULT);
        put(previous, "old", RESULT);
        Observation seen = look();
        put(own, "newer", RESULT);
        assertFalse(loop.call(arm(seen)::mark));
        assertEquals("old", behind.bytes(KEY).toString());
    }

    @Test
    void aCopyDoesNotReplaceAnotherObjectOfTheSameEtag() {
        put(own, "{}", PLACEHOLDER);
        put(previous, "old", RESULT);
        MoveReport report = move(
                new WatchedStore(previous) {
                    @Override
                    public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
                        return own.head(key)
                                .compose(found -> write(own, "mine", RESULT, found))
                                .compose(v -> super.get(key, range, etag));
                    }
                },
                new EtagsOfBytes(own));
        assertEquals(1, report.changed(), report.summary());
        assertEquals("mine", front.bytes(KEY).toString());
    }

    private ObjectStore whoseListFails(Throwable cause) {
        return new ReadThroughStore(
                own,
                new WatchedStore(previous) {
                    @Override
                    public Future<Page> list(String after, int limit) {
                        return Future.failedFuture(cause);
                    }
                },
                CLOCK);
    }

    @Test
    void thatThePreviousStoreIsDownIsToldOnceAndTheNewOneIsReady() {
        ObjectStore store = whoseListFails(new Failure.Upstream("down", null));
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 3; i++) {
                loop.call(store::prepare);
            }
            assertEquals(
                    1,
                    log.lines().stream()
                            .filter(line -> line.contains("The previous store does not answer"))
                            .count());
        }
    }

    @Test
    void aPreviousStoreThatRefusesUsIsToldAtTheStart() {
        ObjectStore store = whoseListFails(new IllegalStateException("no such bucket"));
        assertInstanceOf(IllegalStateException.class, loop.failureOf(store::prepare));
        loop.call(store::prepare);
    }

    @Test
    void thatThePreviousStoreKeepsNoNotesIsNoFailureOfTheNewOne() {
        put(previous, "old", RESULT);
        ObjectStore store = new ReadThroughStore(own, withoutNotes(previous), CLOCK);
        loop.call(() -> store.upkeep().used(KEY, today));
        put(own, "new", RESULT);
        loop.call(() -> store.upkeep().used(KEY, today));
        assertEquals(OptionalLong.of(today), loop.call(() -> own.upkeep().lastUsed(KEY)));
    }

    /** The ETag of the original's is that of every empty result. */
    @Test
    void anEmptyPlaceholderGetsABodyOfItsOwn() {
        put(previous, "", PLACEHOLDER);
        MoveReport report = move(previous, own);
        assertEquals(1, report.copied(), report.summary());
        Buffer body = front.bytes(KEY);
        assertNotEquals(0, body.length());
        assertEquals("placeholder", filename());
        assertEquals(1, move(previous, own).there());
    }
}
