package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.MemoryBucket;

/** What docs/leases.md promises of fencing numbers on a bucket whose server's clock is set back. */
class FencingOnS3Test {

    private static final String ME = "static:me";
    private static final CacheId ID = new CacheId("job");
    private static final Duration HOUR = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final ObjectStore store = new MemoryBucket(() -> now).view(MemoryBucket.Turn.AT_ONCE);
    private LeaseService leases;
    private CacheService cache;

    @BeforeEach
    void open() {
        leases = Await.result(LeaseService.start(
                vertx,
                () -> store,
                () -> now,
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(id -> {}, Duration.ofSeconds(1), Budget.of("waiters", 1 << 20))));
        cache = new CacheService(
                vertx, store, () -> now, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), leases));
        reserve();
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private void reserve() {
        Await.result(cache.reserve(ID, ME, Departures.NEVER));
    }

    private LeaseAnswer.Leased lease() {
        LeaseRequest request = new LeaseRequest(60, 0, "me", LeaseRequest.Intent.COMPUTE);
        return assertInstanceOf(LeaseAnswer.Leased.class, Await.result(leases.ask(ID, ME, request, Departures.NEVER)));
    }

    private void step(Duration by) {
        now = now.plus(by);
    }

    @Test
    void aLeaseThatIsGivenBackAndTakenAgainAnHourEarlierHasAGreaterNumber() {
        LeaseAnswer.Leased first = lease();
        step(HOUR.negated());
        Await.result(leases.release(ID, ME, first.secret()));
        assertTrue(lease().fencing() > first.fencing());
    }

    @Test
    void aLeaseThatRanOutAndIsTakenOverHasAGreaterNumberThoughTheClockWasSetBackMeanwhile() {
        long first = lease().fencing();
        step(HOUR.negated());
        step(HOUR.plusSeconds(120));
        long second = lease().fencing();
        assertTrue(second > first, second + " after " + first);
        step(Duration.ofSeconds(120).negated());
        step(Duration.ofSeconds(200));
        assertTrue(lease().fencing() > second);
    }

    /** An entry lives for a week, so that a clock that is an hour behind is far ahead of the number before. */
    @Test
    void anEntryThatRanOutAndIsMadeAnewHasAGreaterNumber() {
        long first = lease().fencing();
        step(Duration.ofDays(8));
        reserve();
        step(HOUR.negated());
        assertTrue(lease().fencing() > first);
    }

    /** What was known of the id is gone: its number is the store's time, and grows as that does. */
    @Test
    void behindADeletionTheNumberIsTheStoresTime() {
        long first = lease().fencing();
        Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
        step(Duration.ofSeconds(1));
        reserve();
        long second = lease().fencing();
        assertTrue(second > first, second + " after " + first);
        assertEquals(TimeUnit.SECONDS.toMicros(now.getEpochSecond()), second);
        Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
        step(HOUR.negated());
        reserve();
        assertEquals(TimeUnit.SECONDS.toMicros(now.getEpochSecond()), lease().fencing());
    }
}
