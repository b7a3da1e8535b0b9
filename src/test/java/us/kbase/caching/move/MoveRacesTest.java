package us.kbase.caching.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;
import us.kbase.caching.testing.Turns;

/**
 * A move, or a gateway that reads through, and another gateway at one entry, their calls to both stores in every order that there is: what
 * was told holds afterwards, and holds still when another move has gone over it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MoveRacesTest {

    private static final CacheId ID = new CacheId("job");
    private static final String ME = "static:me";
    private static final InstantSource CLOCK = () -> Instant.ofEpochSecond(1_700_000_000);

    private final MemoryBucket previous = new MemoryBucket(CLOCK);
    private final MemoryBucket own = new MemoryBucket(CLOCK);
    private Vertx vertx;
    private Turns turns;

    @BeforeAll
    void open() {
        vertx = Vertx.vertx();
        turns = new Turns(vertx);
    }

    @AfterAll
    void close() {
        Loop.await(vertx.close());
    }

    /** What the previous store has of the entry. */
    enum State {
        NOTHING,
        PLACEHOLDER,
        RESULT,
        /** A copy of it is in the new store already. */
        MOVED
    }

    enum Operation {
        MOVE,
        RESERVE,
        PUBLISH,
        OPEN,
        REMOVE,
        /** The removal of one version, under a condition. */
        REMOVE_SEEN,
        /** By a gateway that does not know of the new store: an upload that began before the clients were switched over. */
        OLD_PUBLISH
    }

    private CacheService cache(ObjectStore store) {
        return new CacheService(
                vertx, store, CLOCK, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), changed -> {}));
    }

    private ObjectStore both(MemoryBucket.Turn turn) {
        return new ReadThroughStore(own.view(turn), previous.view(turn), CLOCK);
    }

    private Future<MoveReport> move(MemoryBucket.Turn turn) {
        return new Move(vertx, previous.view(turn), own.view(turn), CLOCK, DigestAlgorithm.CRC32C).run();
    }

    private static Future<Void> publish(CacheService cache, String content) {
        Buffer bytes = Buffer.buffer(content);
        return cache.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER)
                .compose(admitted -> cache.store(
                        admitted, new CacheService.Upload("f", 30, new Body(ByteSource.of(bytes), bytes.length()))));
    }

    private void prepare(State state) {
        previous.clear();
        own.clear();
        CacheService old = cache(previous.view(MemoryBucket.Turn.AT_ONCE));
        if (state != State.NOTHING) {
            Loop.await(old.reserve(ID, ME, Departures.NEVER));
        }
        if (state == State.RESULT || state == State.MOVED) {
            Loop.await(publish(old, "old"));
        }
        if (state == State.MOVED) {
            assertEquals(1, Loop.await(move(MemoryBucket.Turn.AT_ONCE)).copied());
        }
    }

    private Supplier<Future<String>> start(Operation operation, int number) {
        return () -> done(operation, number)
                .recover(cause -> Future.succeededFuture(cause.getClass().getSimpleName()));
    }

    private Future<String> done(Operation operation, int number) {
        MemoryBucket.Turn turn = turns.of(number);
        CacheService cache = cache(both(turn));
        return switch (operation) {
            case MOVE ->
                move(turn)
                        .map(report ->
                                report.failed() + report.damaged() > 0 ? report.summary() : "ok " + report.copied());
            case RESERVE -> cache.reserve(ID, ME, Departures.NEVER).map(shown -> String.valueOf(shown.get("filename")));
            case PUBLISH -> publish(cache, "new").map("ok");
            case OLD_PUBLISH -> publish(cache(previous.view(turn)), "late").map("ok");
            case OPEN -> opened(cache);
            case REMOVE ->
                cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER)
                        .map("ok");
            case REMOVE_SEEN ->
                cache.remove(ID, Requester.user(ME), result -> {}, Departures.NEVER)
                        .map("ok");
        };
    }

    private static Future<String> opened(CacheService cache) {
        return cache.open(ID, ME, ByteRange.ALL)
                .compose(opened -> opened.download().bytes().next())
                .map(Buffer::toString);
    }

    /** What clients of the new gateways get. */
    private String seen() {
        return seen(both(MemoryBucket.Turn.AT_ONCE));
    }

    private String seen(ObjectStore store) {
        return Loop.await(opened(cache(store))
                .recover(cause -> Future.succeededFuture(cause.getClass().getSimpleName())));
    }

    @ParameterizedTest
    @CsvSource({
        "NOTHING, RESERVE, RESERVE",
        "PLACEHOLDER, MOVE, RESERVE",
        "PLACEHOLDER, MOVE, PUBLISH",
        "PLACEHOLDER, MOVE, REMOVE",
        "PLACEHOLDER, MOVE, OLD_PUBLISH",
        "PLACEHOLDER, OLD_PUBLISH, PUBLISH",
        "RESULT, MOVE, RESERVE",
        "RESULT, MOVE, PUBLISH",
        "RESULT, MOVE, OPEN",
        "RESULT, MOVE, REMOVE",
        "RESULT, MOVE, REMOVE_SEEN",
        "RESULT, MOVE, MOVE",
        "RESULT, REMOVE, PUBLISH",
        "RESULT, REMOVE_SEEN, PUBLISH",
        "MOVED, REMOVE_SEEN, PUBLISH",
        "RESULT, REMOVE, OPEN",
        "MOVED, MOVE, PUBLISH",
        "MOVED, MOVE, REMOVE",
        "MOVED, MOVE, REMOVE_SEEN",
        "MOVED, REMOVE, OPEN"
    })
    void whatWasToldHolds(State state, Operation one, Operation other) {
        int runs = turns.<String>all(
                () -> {
                    prepare(state);
                    return List.of(start(one, 0), start(other, 1));
                },
                outcome -> {
                    String how = state + " " + one + " " + other + " " + outcome;
                    check(
                            state,
                            one,
                            outcome.replies().get(0),
                            outcome.replies().get(1),
                            how);
                    check(
                            state,
                            other,
                            outcome.replies().get(1),
                            outcome.replies().get(0),
                            how);
                    String before = seen();
                    MoveReport second = Loop.await(move(MemoryBucket.Turn.AT_ONCE));
                    assertEquals(0, second.failed() + second.damaged() + second.changed(), how);
                    assertEquals(before, seen(), how + ", after another move");
                    assertEquals(
                            before, seen(own.view(MemoryBucket.Turn.AT_ONCE)), how + ", without the previous store");
                    assertEquals(0, Loop.await(move(MemoryBucket.Turn.AT_ONCE)).copied(), how);
                    return null;
                });
        assertTrue(runs > 1, runs + " orders");
    }

    private void check(State state, Operation operation, String reply, String beside, String how) {
        boolean was = state == State.RESULT || state == State.MOVED;
        switch (operation) {
            case MOVE -> assertTrue(reply.startsWith("ok"), how);
            case RESERVE -> assertEquals(was ? "f" : "placeholder", reply, how);
            case OPEN -> assertTrue(reply.equals("old") || reply.equals("NotFound") && beside.equals("ok"), how);
            case PUBLISH -> {
                assertTrue(reply.equals("ok") || reply.equals("NotFound") && beside.equals("ok"), how);
                if (reply.equals("ok") && !beside.equals("ok")) {
                    assertEquals("new", seen(), how);
                }
            }
            case REMOVE, REMOVE_SEEN -> {
                assertEquals("ok", reply, how);
                if (!beside.equals("ok")) {
                    assertEquals("NotFound", seen(), how);
                    assertTrue(previous.stored(ID.value()).isEmpty(), how);
                }
            }
            case OLD_PUBLISH -> {
                assertEquals("ok", reply, how);
                assertTrue(List.of("late", beside.equals("ok") ? "new" : "late").contains(seen()), how);
            }
        }
    }
}
