package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.Stores;

/** A bucket of very many keys is listed, swept and purged in the memory of a page; by hand with {@code -Dlisting.keys=2000000}. */
class ManyKeysOnS3Test {

    private static final int KEYS = Integer.getInteger("listing.keys", 5_000);
    private static final long HELD_BYTES_MAX = 24L << 20;
    private static final int LOOK_SECONDS = 10;

    private Vertx vertx;
    private Loop loop;
    private GeneratedS3 server;
    private ObjectStore store;
    private long usedBefore;
    private long heldMax;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        server = new GeneratedS3(vertx, KEYS);
        store = loop.call(() -> Future.succeededFuture(
                Stores.s3(vertx, S3Servers.standIn(server.endpoint()).within(64, Duration.ofSeconds(60)))));
        loop.call(() -> store.list("", 1000));
        usedBefore = usedBytes();
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Waits as long as it takes, and looks at the memory meanwhile. */
    private <T> T watched(String what, Supplier<Future<T>> work) {
        long began = System.nanoTime();
        long requests = server.requests.get();
        var done = loop.start(work).toCompletionStage().toCompletableFuture();
        while (true) {
            try {
                T result = done.get(LOOK_SECONDS, TimeUnit.SECONDS);
                heldMax = Math.max(heldMax, usedBytes() - usedBefore);
                System.out.printf(
                        "%d keys on S3: %s in %d s by %d requests, held at most %d bytes%n",
                        KEYS,
                        what,
                        (System.nanoTime() - began) / 1_000_000_000,
                        server.requests.get() - requests,
                        heldMax);
                return result;
            } catch (TimeoutException goesOn) {
                heldMax = Math.max(heldMax, usedBytes() - usedBefore);
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(what, e);
            }
        }
    }

    @Test
    void isSweptAndPurgedInTheMemoryOfAPage() {
        assertEquals(KEYS, watched("counted", () -> new Purge(store).count()).entries());
        StoreTime time = new StoreTime(InstantSource.system());
        SweepReport swept =
                watched("swept", () -> new Sweep(vertx, store, time, SweepOptionsForTests.EVERYTHING).run());
        assertEquals(server.expired(), swept.removed(), swept.summary());
        assertEquals(KEYS - server.expired(), server.left());
        assertEquals(
                KEYS - server.expired(),
                watched("purged", () -> new Purge(store).remove()).entries());
        assertEquals(0, server.left());
        assertTrue(heldMax < HELD_BYTES_MAX, "held " + heldMax + " bytes");
    }
}
