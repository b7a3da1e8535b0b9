package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.cache.Admission;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.lease.LeaseAnswer;
import us.kbase.caching.lease.LeaseRequest;
import us.kbase.caching.lease.LeaseService;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Departures;

/** A gateway's machine whose clock jumps: nothing is lost, and no fencing number is smaller than one before. */
class ClockJumpsTest {

    private static final CacheId ID = new CacheId("0123abcd".repeat(16));
    private static final String ME = "static:alice";

    @TempDir
    Path root;

    private final AtomicReference<Duration> off = new AtomicReference<>(Duration.ZERO);
    private Vertx vertx;
    private DataFolder folder;
    private StoreTime time;
    private DiskObjectStore store;
    private LeaseService leases;
    private CacheService cache;

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        folder = DataFolder.open(root);
        SteadyClock clock = new SteadyClock(() -> Instant.now().plus(off.get()), System::nanoTime);
        store = new DiskObjectStore(vertx, folder, false, clock);
        time = new StoreTime(clock);
        leases = Await.result(LeaseService.start(
                vertx,
                () -> store,
                time,
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(
                        id -> {},
                        Duration.ofSeconds(1),
                        MemoryPlan.ofThisProcess().waiters())));
        cache = new CacheService(vertx, store, time, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), leases));
    }

    @AfterEach
    void stop() {
        if (vertx != null) {
            Await.result(vertx.close());
            folder.close();
        }
    }

    private void publish() {
        Await.result(cache.reserve(ID, ME, Departures.NEVER));
        Body body = new Body(ByteSource.of(Buffer.buffer("result")), 6);
        Admission admission = Await.result(cache.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER));
        Await.result(cache.store(admission, new CacheService.Upload("reads.fa", 30, body)));
    }

    private long fencing() {
        LeaseRequest request = new LeaseRequest(60, 0, "me", LeaseRequest.Intent.COMPUTE);
        LeaseAnswer grant =
                Await.result(leases.ask(ID, ME, request, Promise.promise().future()));
        return assertInstanceOf(LeaseAnswer.Leased.class, grant).fencing();
    }

    @Test
    void aMonthAheadForAMomentDestroysNoResult() {
        publish();
        off.set(Duration.ofDays(31));
        assertEquals(
                "reads.fa",
                Await.result(cache.reserve(ID, ME, Departures.NEVER)).get("filename"));
        assertEquals(
                0,
                Await.result(new Sweep(
                                        vertx,
                                        store,
                                        time,
                                        new SweepOptions(
                                                SweepOptions.Effect.REMOVE,
                                                SweepOptions.Stops.IGNORE,
                                                Duration.ZERO,
                                                Duration.ofDays(1)))
                                .run())
                        .expired());
        off.set(Duration.ZERO);
        Map<String, String> metadata = Await.result(cache.reserve(ID, ME, Departures.NEVER));
        assertEquals("reads.fa", metadata.get("filename"));
    }

    /** The deletion leaves no number behind, and the time is not what it was. */
    @Test
    void anHourBackMakesNoFencingNumberSmallerThoughTheEntryWasDeleted() throws IOException {
        Await.result(cache.reserve(ID, ME, Departures.NEVER));
        long first = fencing();
        Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
        stop();
        off.set(Duration.ofHours(-1));
        start();
        Await.result(cache.reserve(ID, ME, Departures.NEVER));
        long second = fencing();
        assertTrue(second > first, second + " after " + first);
        Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
        off.set(Duration.ofHours(-2));
        Await.result(cache.reserve(ID, ME, Departures.NEVER));
        long third = fencing();
        assertTrue(third > second, third + " after " + second);
    }
}
