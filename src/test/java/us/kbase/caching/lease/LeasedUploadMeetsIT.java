package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.Stores;

/** An upload under a lease is held in the middle of its body while something else happens to the id, on every store. */
@ParameterizedClass
@MethodSource("us.kbase.caching.testing.Stores#all")
class LeasedUploadMeetsIT {

    private static final String ME = "url:me";
    private static final int HALF = 3 << 20;

    @Parameter
    Stores.Kind kind;

    private final AtomicLong aheadSeconds = new AtomicLong();
    private final InstantSource clock = () -> Instant.now().plusSeconds(aheadSeconds.get());
    private final CacheId id = new CacheId(UUID.randomUUID().toString());
    private Vertx vertx;
    private Loop loop;
    private ObjectStore store;
    private CacheService cache;
    private LeaseService leases;
    private String lease;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        store = kind.start(vertx, loop);
        leases = loop.call(() -> LeaseService.start(
                        vertx,
                        () -> store,
                        clock,
                        Lifetimes.ORIGINAL,
                        new LeaseService.Waking(changed -> {}, Duration.ofSeconds(1), Budget.of("waiters", 1 << 20)))
                .compose(started -> started.probed().map(started)));
        cache = new CacheService(vertx, store, clock, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), leases));
        loop.call(() -> cache.reserve(id, ME, Departures.NEVER));
        lease = taken().secret();
    }

    @AfterEach
    void close() {
        loop.call(store::close);
        Loop.await(vertx.close());
    }

    private LeaseAnswer.Leased taken() {
        return (LeaseAnswer.Leased) loop.call(
                () -> leases.ask(id, ME, new LeaseRequest(60, 0, "me", LeaseRequest.Intent.COMPUTE), Departures.NEVER));
    }

    private Future<Void> upload(Future<Admission> admission, Body body) {
        return admission.compose(admitted -> cache.store(admitted, new CacheService.Upload("f", 30, body)));
    }

    /** Half of the body was taken, then this happens, then comes the rest. */
    private Future<Void> uploadMeanwhile(Supplier<Future<?>> event) {
        Promise<Void> half = Promise.promise();
        Promise<Void> go = Promise.promise();
        ByteSource held = new ByteSource() {
            private int asked;

            @Override
            public Future<Buffer> next() {
                return switch (asked++) {
                    case 0 -> Future.succeededFuture(Buffer.buffer(new byte[HALF]));
                    case 1 -> {
                        half.tryComplete();
                        yield go.future().map(v -> Buffer.buffer(new byte[HALF]));
                    }
                    default -> Future.succeededFuture(END);
                };
            }

            @Override
            public void cancel() {}
        };
        LeaseAdmission admission = new LeaseAdmission(vertx, store, clock);
        Future<Void> uploaded = loop.start(() ->
                upload(admission.under(id, ME, lease, ResultCheck.NONE, Departures.NEVER), new Body(held, 2 * HALF)));
        Loop.await(half.future());
        loop.call(() -> event.get().mapEmpty());
        loop.start(() -> {
            go.complete();
            return Future.succeededFuture();
        });
        return uploaded;
    }

    private void assertLost(Future<Void> uploaded) {
        assertInstanceOf(Failure.LeaseLost.class, loop.failureOf(() -> uploaded));
    }

    private long length() {
        return loop.call(() -> cache.stat(id, ME)).stored().lengthBytes();
    }

    @Test
    void aRenewalIsNoLoss() {
        Loop.await(uploadMeanwhile(() -> leases.renew(id, ME, lease, Optional.empty())));
        assertEquals(2 * HALF, length());
    }

    @Test
    void anOverdueLeaseThatNobodyTookStillCounts() {
        Loop.await(uploadMeanwhile(() -> {
            aheadSeconds.addAndGet(3600);
            return Future.succeededFuture();
        }));
        assertEquals(2 * HALF, length());
    }

    @Test
    void aTakeoverIsALoss() {
        assertLost(uploadMeanwhile(() -> {
            aheadSeconds.addAndGet(61);
            return leases.ask(id, ME, new LeaseRequest(60, 0, "next", LeaseRequest.Intent.COMPUTE), Departures.NEVER);
        }));
        assertInstanceOf(Failure.NotFound.class, loop.failureOf(() -> cache.open(id, ME, ByteRange.ALL)));
    }

    @Test
    void aReleaseIsALoss() {
        assertLost(uploadMeanwhile(() -> leases.release(id, ME, lease)));
        taken();
    }

    @Test
    void aDeletionIsALossAndTheIdStaysDeleted() {
        assertLost(uploadMeanwhile(() -> cache.remove(id, Requester.user(ME), ResultCheck.NONE, Departures.NEVER)));
        assertEquals(Optional.empty(), loop.call(() -> store.head(id.value())));
    }

    @Test
    void aDeletionAfterWhichTheIdIsMadeAgainIsALoss() {
        assertLost(uploadMeanwhile(() -> cache.remove(id, Requester.user(ME), ResultCheck.NONE, Departures.NEVER)
                .compose(v -> cache.reserve(id, ME, Departures.NEVER))));
        taken();
    }

    @Test
    void anUploadOfAnOlderClientIsALossAndItsResultStays() {
        Buffer small = Buffer.buffer("v1");
        assertLost(uploadMeanwhile(() -> upload(
                cache.admit(id, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER),
                new Body(ByteSource.of(small), small.length()))));
        assertEquals(2, length());
    }

    @Test
    void anExpiryIsALoss() {
        assertLost(uploadMeanwhile(() -> {
            aheadSeconds.addAndGet(Duration.ofDays(8).toSeconds());
            return Future.succeededFuture();
        }));
    }

    @Test
    void aCacheIdInTheMiddleWritesNothingAndIsNoLoss() {
        Loop.await(uploadMeanwhile(() -> cache.reserve(id, ME, Departures.NEVER)));
        assertEquals(2 * HALF, length());
    }
}
