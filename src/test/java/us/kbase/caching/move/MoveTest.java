package us.kbase.caching.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.WatchedStore;

/** A walk that copies what the new store has not: whole and proved, or not at all. */
class MoveTest {

    private static final Map<String, String> RESULT = Map.of(
            "expiration",
            "4102444800",
            "filename",
            "reads.fa",
            "token_id",
            "static:alice",
            "content-type",
            "text/x-fasta");
    private static final Map<String, String> PLACEHOLDER =
            Map.of("expiration", "4102444800", "filename", "placeholder", "token_id", "static:alice");

    @TempDir
    private Path root;

    private Vertx vertx;
    private Loop loop;
    private DataFolder from;
    private DataFolder to;
    private ObjectStore previous;
    private ObjectStore own;

    @BeforeEach
    void open() throws IOException {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        from = DataFolder.open(root.resolve("from"));
        to = DataFolder.open(root.resolve("to"));
        previous = new DiskObjectStore(vertx, from, false);
        own = new DiskObjectStore(vertx, to, false);
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
        from.close();
        to.close();
    }

    private static String key(int number) {
        return String.format("%0128x", number * 1000L + 7);
    }

    private static Buffer content(int seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Buffer.buffer(content);
    }

    private static Future<String> write(
            ObjectStore store, String key, Buffer content, Map<String, String> metadata, Precondition condition) {
        return store.put(key, Body.exact(ByteSource.of(content), content.length()), metadata, Guard.once(condition));
    }

    private String put(ObjectStore store, String key, Buffer content, Map<String, String> metadata) {
        return loop.call(() -> write(store, key, content, metadata, new Precondition.Absent()));
    }

    private MoveReport move() {
        return move(previous, own);
    }

    private MoveReport move(ObjectStore source, ObjectStore target) {
        return loop.call(() -> new Move(vertx, source, target, InstantSource.system(), DigestAlgorithm.CRC32C).run());
    }

    private Optional<Stored> head(String key) {
        return loop.call(() -> own.head(key));
    }

    private Buffer read(String key) {
        return loop.call(() -> own.get(key, ByteRange.ALL)
                .compose(found -> found.orElseThrow().bytes().collect(length -> {})));
    }

    @Test
    void copiesEveryLivingEntryWithItsMetadata() {
        for (int i = 0; i < 10; i++) {
            put(previous, key(i), content(i, i * 40_000), RESULT);
        }
        put(previous, key(10), Buffer.buffer("{\"nonce\":\"x\"}"), PLACEHOLDER);
        put(previous, "foreign", content(1, 5), Map.of());
        MoveReport report = move();
        assertEquals(11, report.copied(), report.summary());
        assertEquals(1, report.foreign());
        assertTrue(report.isWhole(), report.summary());
        for (int i = 0; i < 10; i++) {
            assertEquals(content(i, i * 40_000), read(key(i)));
            Map<String, String> metadata =
                    new HashMap<>(head(key(i)).orElseThrow().metadata());
            metadata.remove("moved-from");
            assertEquals(RESULT, metadata);
        }
        assertEquals("{\"nonce\":\"x\"}", read(key(10)).toString());
        assertTrue(head("foreign").isEmpty());
    }

    @Test
    void aSecondMoveFindsNothingToDo() {
        put(previous, key(1), content(1, 1000), RESULT);
        put(previous, key(2), Buffer.buffer("{}"), PLACEHOLDER);
        move();
        MoveReport second = move();
        assertEquals(0, second.copied());
        assertEquals(1, second.same());
        assertEquals(1, second.there());
        assertTrue(second.isWhole());
    }

    @Test
    void whatTheNewStoreHasOfItsOwnStays() {
        put(previous, key(1), content(1, 1000), RESULT);
        put(own, key(1), content(2, 500), RESULT);
        MoveReport report = move();
        assertEquals(0, report.copied());
        assertEquals(1, report.there());
        assertEquals(content(2, 500), read(key(1)));
    }

    /** Gateways that were still to be stopped wrote it. */
    @Test
    void aCopyOfWhatWasReplacedSinceIsReplacedToo() {
        String etag = put(previous, key(1), content(1, 1000), RESULT);
        put(previous, key(2), Buffer.buffer("{}"), PLACEHOLDER);
        move();
        loop.call(() -> write(previous, key(1), content(3, 700), RESULT, new Precondition.Matches(etag)));
        String placeholder =
                loop.call(() -> previous.head(key(2))).orElseThrow().etag();
        loop.call(() -> write(previous, key(2), content(4, 300), RESULT, new Precondition.Matches(placeholder)));
        MoveReport report = move();
        assertEquals(2, report.copied(), report.summary());
        assertEquals(content(3, 700), read(key(1)));
        assertEquals(content(4, 300), read(key(2)));
    }

    @Test
    void whatExpiredIsNotCopied() {
        Map<String, String> expired = new HashMap<>(RESULT);
        expired.put("expiration", "1000000000");
        put(previous, key(1), content(1, 10), expired);
        assertEquals(1, move().over());
        assertTrue(head(key(1)).isEmpty());
    }

    @Test
    void theDayOfLastUseGoesWithIt() {
        Map<String, String> expired = new HashMap<>(RESULT);
        expired.put("expiration", "1000000000");
        put(previous, key(1), content(1, 10), expired);
        long today = System.currentTimeMillis() / 86_400_000;
        loop.call(() -> previous.upkeep().used(key(1), today)); // so it lives
        assertEquals(1, move().copied());
        assertEquals(OptionalLong.of(today), loop.call(() -> own.upkeep().lastUsed(key(1))));
    }

    @Test
    void aDamagedResultIsNamedAndNotCopied() {
        put(previous, key(1), content(1, 3 << 20), RESULT);
        put(previous, key(2), content(2, 100), RESULT);
        ObjectStore lying = new WatchedStore(previous) {
            @Override
            public Future<Optional<Download>> get(String key, ByteRange range, Optional<String> etag) {
                return super.get(key, range, etag)
                        .map(found -> found.filter(opened -> key.equals(key(2)))
                                .map(opened -> opened.withBytes(ByteSource.of(content(3, 100))))
                                .or(() -> found));
            }
        };
        MoveReport report = move(lying, own);
        assertEquals(1, report.damaged());
        assertEquals(1, report.copied());
        assertEquals(key(2), report.shown().getFirst().cacheId());
        assertTrue(head(key(2)).isEmpty());
        assertEquals(content(1, 3 << 20), read(key(1)));
    }

    /** What happens at the previous store while the bytes of an entry are on their way. */
    private MoveReport moveWhile(Runnable meanwhile) {
        AtomicBoolean done = new AtomicBoolean();
        return move(previous, new WatchedStore(own) {
            @Override
            public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
                return vertx.executeBlocking(() -> {
                            if (done.compareAndSet(false, true)) {
                                meanwhile.run();
                            }
                            return key;
                        })
                        .compose(v -> super.put(key, body, metadata, guard));
            }
        });
    }

    @Test
    void whatIsRemovedMeanwhileIsNotCopied() {
        put(previous, key(1), content(1, 1000), RESULT);
        MoveReport report = moveWhile(() -> Loop.await(previous.delete(key(1))));
        assertEquals(1, report.changed());
        assertTrue(head(key(1)).isEmpty());
        assertTrue(move().isWhole());
    }

    @Test
    void whatIsReplacedMeanwhileIsCopiedByTheNextMove() {
        String etag = put(previous, key(1), content(1, 1000), RESULT);
        MoveReport report = moveWhile(
                () -> Loop.await(write(previous, key(1), content(2, 10), RESULT, new Precondition.Matches(etag))));
        assertEquals(1, report.changed());
        assertTrue(head(key(1)).isEmpty());
        assertEquals(1, move().copied());
        assertEquals(content(2, 10), read(key(1)));
    }

    @Test
    void whatTheNewStoreGetsMeanwhileStays() {
        put(previous, key(1), content(1, 1000), RESULT);
        MoveReport report =
                moveWhile(() -> Loop.await(write(own, key(1), content(2, 10), RESULT, new Precondition.Absent())));
        assertEquals(1, report.changed());
        assertEquals(content(2, 10), read(key(1)));
    }

    @Test
    void aCopyWhoseReplyWasLostIsFoundByTheNextMove() {
        put(previous, key(1), content(1, 1000), RESULT);
        MoveReport report = move(previous, new WatchedStore(own) {
            @Override
            public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
                return super.put(key, body, metadata, guard)
                        .compose(etag -> Future.failedFuture(new Failure.Upstream("no reply", null)));
            }
        });
        assertEquals(1, report.failed());
        MoveReport second = move();
        assertEquals(0, second.copied());
        assertEquals(1, second.same());
    }

    @Test
    void aStoreThatIsDownEndsTheWalkWithAReason() {
        for (int i = 0; i < 150; i++) {
            put(previous, key(i), content(i, 10), RESULT);
        }
        MoveReport report = move(previous, new WatchedStore(own) {
            @Override
            public Future<Optional<Stored>> head(String key) {
                return Future.failedFuture(new Failure.Upstream("down", null));
            }
        });
        assertTrue(report.stopped().isPresent(), report.summary());
        assertTrue(report.failed() < 110, report.summary());
    }
}
