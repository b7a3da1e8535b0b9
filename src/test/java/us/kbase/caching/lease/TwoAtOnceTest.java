package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Entry;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.OwnPlaceholders;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.lease.TwoAtOnceModel.Operation;
import us.kbase.caching.lease.TwoAtOnceModel.State;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;
import us.kbase.caching.testing.Turns;

/**
 * Two operations at two gateways, their store calls in every order that there is: replies and what is left must be those of one
 * operation after the other, as the model says. This is the whole protocol on every entry, with nothing but the store between.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoAtOnceTest {

    private static final CacheId ID = new CacheId("job");
    private static final String ME = "static:me";

    private static final long START_SECONDS = 1_700_000_000;

    private final AtomicLong seconds = new AtomicLong(START_SECONDS);
    private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    private final MemoryBucket bucket = new MemoryBucket(clock);
    private Vertx vertx;
    private Turns turns;
    private List<Node> nodes;
    private String lease = "";

    /** A gateway. */
    private record Node(
            String name,
            ObjectStore store,
            OwnPlaceholders written,
            CacheService cache,
            LeaseService leases,
            LeaseAdmission leasedUploads) {}

    @BeforeAll
    void open() {
        vertx = Vertx.vertx();
        turns = new Turns(vertx);
        nodes = List.of(node(0), node(1));
    }

    private Node node(int number) {
        ObjectStore store = bucket.view(turns.of(number));
        LeaseService leases = Loop.await(LeaseService.start(
                        vertx,
                        () -> store,
                        clock,
                        Lifetimes.ORIGINAL,
                        new LeaseService.Waking(changed -> {}, Duration.ofHours(1), Budget.of("waiters", 1 << 20)))
                .compose(started -> started.probed().map(started)));
        OwnPlaceholders written = new OwnPlaceholders();
        CacheService cache = new CacheService(
                vertx, store, clock, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), changed -> {}, written));
        return new Node("by " + number, store, written, cache, leases, new LeaseAdmission(vertx, store, clock));
    }

    @AfterAll
    void close() {
        Loop.await(vertx.close());
    }

    /** Brings the id into a state by the operations themselves. */
    private void prepare(State state) {
        bucket.clear();
        seconds.set(START_SECONDS); // months for each order come to centuries
        nodes.forEach(each -> each.written().forget(ID));
        Node node = nodes.get(0);
        switch (state.kind()) {
            case ABSENT -> {}
            case FREE -> Loop.await(node.cache().reserve(ID, ME, Departures.NEVER));
            case LEASED, OVERDUE -> {
                Loop.await(node.cache().reserve(ID, ME, Departures.NEVER));
                lease = ((LeaseAnswer.Leased) Loop.await(ask(node, LeaseRequest.Intent.COMPUTE))).secret();
                seconds.addAndGet(state.kind() == TwoAtOnceModel.Kind.OVERDUE ? 61 : 0);
            }
            case FILE -> {
                Loop.await(node.cache().reserve(ID, ME, Departures.NEVER));
                Loop.await(publish(
                        node, node.cache().admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER), "old"));
            }
            case EXPIRED_FILE -> {
                prepare(State.of(TwoAtOnceModel.Kind.FILE));
                seconds.addAndGet(Duration.ofDays(31).toSeconds());
            }
            case EXPIRED -> {
                prepare(State.of(TwoAtOnceModel.Kind.LEASED));
                seconds.addAndGet(Duration.ofDays(8).toSeconds());
            }
            default -> throw new IllegalArgumentException(state.toString());
        }
    }

    private static Future<LeaseAnswer> ask(Node node, LeaseRequest.Intent intent) {
        return node.leases().ask(ID, ME, new LeaseRequest(60, 0, node.name(), intent), Departures.NEVER);
    }

    private static Future<Void> publish(Node node, Future<Admission> admission, String content) {
        Buffer bytes = Buffer.buffer(content);
        return admission.compose(admitted -> node.cache()
                .store(admitted, new CacheService.Upload("f", 30, new Body(ByteSource.of(bytes), bytes.length()))));
    }

    private Supplier<Future<String>> start(Operation operation, Node node) {
        return () -> done(operation, node)
                .recover(cause -> Future.succeededFuture(cause.getClass().getSimpleName()));
    }

    private Future<String> done(Operation operation, Node node) {
        CacheService cache = node.cache();
        return switch (operation) {
            case RESERVE ->
                cache.reserve(ID, ME, Departures.NEVER)
                        .map(shown -> shown.get("filename").equals("placeholder") ? "placeholder" : "file");
            case PUBLISH ->
                publish(
                                node,
                                cache.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER),
                                "v1 " + node.name())
                        .map("ok");
            case PUBLISH_LEASED ->
                publish(
                                node,
                                node.leasedUploads().under(ID, ME, lease, ResultCheck.NONE, Departures.NEVER),
                                "leased " + node.name())
                        .map("ok");
            case OPEN ->
                cache.open(ID, ME, ByteRange.ALL)
                        .compose(opened -> opened.download().bytes().next())
                        .map(Buffer::toString);
            case REMOVE ->
                cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER)
                        .map("ok");
            case TAKE -> ask(node, LeaseRequest.Intent.COMPUTE).map(TwoAtOnceTest::name);
            case WATCH -> ask(node, LeaseRequest.Intent.WATCH).map(TwoAtOnceTest::name);
            case RENEW -> node.leases().renew(ID, ME, lease, Optional.empty()).map("ok");
            case RELEASE -> node.leases().release(ID, ME, lease).map("ok");
            case SWEEP ->
                new Sweep(vertx, node.store(), new StoreTime(clock), EVERYTHING)
                        .run()
                        .map("swept");
        };
    }

    private static final SweepOptions EVERYTHING =
            new SweepOptions(SweepOptions.Effect.REMOVE, SweepOptions.Stops.HEED, Duration.ZERO, Duration.ofHours(24));

    private static String name(LeaseAnswer grant) {
        return grant.getClass().getSimpleName();
    }

    /** What is in the store, in the model's words. */
    private State state() {
        Entry entry = Entry.of(bucket.stored(ID.value()), seconds.get());
        return switch (entry) {
            case Entry.Absent absent -> State.of(TwoAtOnceModel.Kind.ABSENT);
            case Entry.File file ->
                new State(TwoAtOnceModel.Kind.FILE, bucket.bytes(ID.value()).toString());
            case Entry.Expired expired ->
                State.of(expired.isFile() ? TwoAtOnceModel.Kind.EXPIRED_FILE : TwoAtOnceModel.Kind.EXPIRED);
            case Entry.Placeholder placeholder -> leased(LeaseRecord.read(bucket.bytes(ID.value())));
            case Entry.Tombstone tombstone -> throw new AssertionError("a tombstone was left");
            case Entry.Foreign foreign -> throw new AssertionError("our metadata were lost");
        };
    }

    private State leased(LeaseRecord note) {
        return note.held()
                .map(held -> held.secret().equals(lease)
                        ? State.of(
                                held.deadlineMillis() > seconds.get() * 1000
                                        ? TwoAtOnceModel.Kind.LEASED
                                        : TwoAtOnceModel.Kind.OVERDUE)
                        : new State(TwoAtOnceModel.Kind.LEASED_TO_ANOTHER, held.holder()))
                .orElseGet(() -> new State(
                        TwoAtOnceModel.Kind.FREE,
                        note.released().equals(Optional.of(lease)) ? TwoAtOnceModel.RELEASED : ""));
    }

    /** A sweep makes no difference between an expired file and an expired placeholder here, so it is tried on one of them. */
    @ParameterizedTest
    @EnumSource(value = TwoAtOnceModel.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "LEASED_TO_ANOTHER")
    void whateverTwoDoAtOnceLooksLikeOneAfterTheOther(TwoAtOnceModel.Kind kind) {
        State before = State.of(kind);
        List<String> wrong = new ArrayList<>();
        int runs = 0;
        for (Operation one : Operation.values()) {
            for (Operation other : Operation.values()) {
                if (one.compareTo(other) <= 0 && !(kind == TwoAtOnceModel.Kind.EXPIRED && other == Operation.SWEEP)) {
                    runs += check(before, one, other, wrong);
                }
            }
        }
        System.out.println("Two at once on " + kind + ": " + runs + " orders of store calls");
        assertTrue(
                wrong.isEmpty(),
                wrong.size() + " wrong, the first: " + wrong.stream().limit(5).toList());
    }

    private int check(State before, Operation one, Operation other, List<String> wrong) {
        Set<TwoAtOnceModel.Outcome> allowed = TwoAtOnceModel.outcomes(
                before, one, nodes.get(0).name(), other, nodes.get(1).name());
        return turns.<String>all(
                () -> {
                    prepare(before);
                    return List.of(start(one, nodes.get(0)), start(other, nodes.get(1)));
                },
                outcome -> {
                    var seen = new TwoAtOnceModel.Outcome(
                            outcome.replies().get(0), outcome.replies().get(1), state());
                    if (!allowed.contains(seen)) {
                        wrong.add(before + ": " + one + " and " + other + " in order " + outcome.order() + " came to "
                                + seen + ", allowed: " + allowed);
                    }
                    return null;
                });
    }

    /** Shows that the orders above can go wrong: a publish that forgets its condition undoes a lease's loss. */
    @Test
    void theModelNoticesAnUploadThatIgnoresItsLease() {
        Set<TwoAtOnceModel.Outcome> allowed = TwoAtOnceModel.outcomes(
                State.of(TwoAtOnceModel.Kind.LEASED), Operation.PUBLISH_LEASED, "by 0", Operation.RELEASE, "by 1");
        List<TwoAtOnceModel.Outcome> wrong = new ArrayList<>();
        turns.<String>all(
                () -> {
                    prepare(State.of(TwoAtOnceModel.Kind.LEASED));
                    Node node = nodes.get(0);
                    return List.of(
                            () -> publish(
                                            node,
                                            node.cache()
                                                    .admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER),
                                            "leased by 0")
                                    .map("ok"),
                            start(Operation.RELEASE, nodes.get(1)));
                },
                outcome -> {
                    var seen = new TwoAtOnceModel.Outcome(
                            outcome.replies().get(0), outcome.replies().get(1), state());
                    if (!allowed.contains(seen)) {
                        wrong.add(seen);
                    }
                    return null;
                });
        assertTrue(!wrong.isEmpty(), "nothing was noticed");
    }
}
