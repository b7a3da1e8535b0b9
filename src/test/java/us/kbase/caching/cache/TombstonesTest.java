package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;

/** Who waits until a sweep's tombstone is gone. */
class TombstonesTest {

    private static final String ME = "url:me";
    private static final CacheId ID = new CacheId("job");

    private final AtomicLong seconds = new AtomicLong(1_700_000_000);
    private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    private final MemoryBucket bucket = new MemoryBucket(clock);
    private final AtomicInteger calls = new AtomicInteger();
    private Vertx vertx;
    private Loop loop;
    private CacheService cache;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        ObjectStore counted = bucket.view(new MemoryBucket.Turn() {
            @Override
            public <T> Future<T> take(Supplier<Future<T>> call) {
                calls.incrementAndGet();
                return call.get();
            }
        });
        cache = new CacheService(
                vertx, counted, clock, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), changed -> {}));
        Map<String, String> tombstone = Map.of(
                "expiration",
                "1",
                "filename",
                Entry.PLACEHOLDER,
                "token_id",
                ME,
                "strike-until",
                Long.toString(seconds.get() + 10));
        Loop.await(bucket.view(MemoryBucket.Turn.AT_ONCE)
                .put(
                        ID.value(),
                        new Body(ByteSource.of(Buffer.buffer()), 0),
                        tombstone,
                        Guard.once(new Precondition.Absent())));
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    @Test
    void nobodyPollsForAClientOfCacheIdThatLeft() {
        nobodyPollsForWhoLeft(gone -> cache.reserve(ID, ME, gone));
    }

    @Test
    void nobodyPollsForAnUploaderThatLeft() {
        nobodyPollsForWhoLeft(gone -> cache.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, gone));
    }

    private void nobodyPollsForWhoLeft(Function<Future<?>, Future<?>> call) {
        Promise<Void> gone = Promise.promise();
        Future<?> left = loop.start(() -> call.apply(gone.future()).mapEmpty());
        Await.until("a poll", () -> calls.get() > 3);
        loop.call(() -> {
            gone.complete();
            return Future.succeededFuture();
        });
        Await.failure(Failure.ClientGone.class, left);
        int before = calls.get();
        Loop.await(vertx.timer(1500));
        assertTrue(calls.get() <= before + 1, calls.get() - before + " calls for nobody");
    }

    @Test
    void aHundredWhoWaitCostOnePoll() {
        List<Future<?>> waiting = new ArrayList<>();
        loop.call(() -> {
            for (int i = 0; i < 100; i++) {
                waiting.add(cache.reserve(ID, ME, Departures.NEVER));
            }
            return Future.succeededFuture();
        });
        int begun = calls.get();
        Loop.await(vertx.timer(1000));
        assertTrue(calls.get() - begun < 40, calls.get() - begun + " calls");
        seconds.addAndGet(20); // the strikes are over
        waiting.forEach(done -> Loop.await(done));
        assertInstanceOf(
                Entry.Placeholder.class, Entry.of(bucket.stored(ID.value()).orElseThrow(), seconds.get()));
    }

    @Test
    void aRemovedTombstoneIsNoticed() {
        Future<Map<String, String>> made = loop.start(() -> cache.reserve(ID, ME, Departures.NEVER));
        Await.until("a poll", () -> calls.get() > 3);
        bucket.clear();
        assertEquals(Entry.PLACEHOLDER, Loop.await(made).get("filename"));
    }
}
