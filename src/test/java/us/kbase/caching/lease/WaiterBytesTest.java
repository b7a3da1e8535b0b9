package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.MemoryBucket;

/** What is paid for a waiter is what it takes, also where each has an id and a line of its own. */
class WaiterBytesTest {

    private static final int WAITERS = 10_000;
    private static final String ME = "url:me";

    private final InstantSource clock = InstantSource.system();
    private final ObjectStore store = new MemoryBucket(clock).view(MemoryBucket.Turn.AT_ONCE);
    private final List<Object> held = new ArrayList<>();

    @Test
    void aWaiterTakesNoMoreThanItPaysFor() {
        Vertx vertx = Vertx.vertx();
        LeaseService leases = Loop.await(LeaseService.start(
                vertx,
                () -> store,
                clock,
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(changed -> {}, Duration.ofHours(1), Budget.of("waiters", 1 << 30))));
        List<CacheId> ids = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            CacheId id = new CacheId("%0128x".formatted(i));
            ids.add(id);
            Loop.await(store.put(
                    id.value(),
                    new Body(ByteSource.of(Buffer.buffer()), 0),
                    Map.of("expiration", "99999999999", "filename", "placeholder", "token_id", ME),
                    Guard.once(new Precondition.Absent())));
        }
        CacheId one = ids.get(0);
        waiting(leases, List.of(one)); // what the first of all costs is everybody's
        long before = alive();
        waiting(leases, java.util.Collections.nCopies(WAITERS, one));
        long inOneLine = (alive() - before) / WAITERS;
        before = alive();
        waiting(leases, ids);
        long inALineEach = (alive() - before) / WAITERS;
        System.out.println("A waiter takes " + inOneLine + " bytes in a common line, " + inALineEach + " in its own");
        assertTrue(inALineEach <= LeaseService.WAITER_BYTES, inALineEach + " bytes");
        assertTrue(held.size() > WAITERS);
        Loop.await(vertx.close());
    }

    private void waiting(LeaseService leases, List<CacheId> ids) {
        for (CacheId id : ids) {
            Promise<Void> gone = Promise.promise();
            LeaseRequest request = new LeaseRequest(60, 240, "h".repeat(80), LeaseRequest.Intent.WATCH);
            Future<LeaseAnswer> grant = leases.ask(id, ME, request, gone.future());
            held.add(List.of(gone, grant));
        }
        Loop.await(leases.ask(
                ids.get(ids.size() - 1), ME, request(), Promise.promise().future()));
    }

    private static LeaseRequest request() {
        return new LeaseRequest(60, 0, "", LeaseRequest.Intent.WATCH);
    }

    private static long alive() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
