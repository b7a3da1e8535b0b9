package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.SmallPages;

/** Whoever walks through a store comes to its end, however many pages it has. */
class ManyPagesTest {

    private static final int PAGES = 5000;

    private Vertx vertx;
    private Loop loop;
    private SmallPages store;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        store = new SmallPages(vertx, PAGES);
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    @Test
    void aPurgeOfFiveThousandPagesEnds() {
        assertEquals(PAGES, loop.call(() -> new Purge(store).remove()).entries());
        assertEquals(PAGES, store.deleted.get());
    }

    @Test
    void aSweepOfFiveThousandPagesEnds() {
        StoreTime time = new StoreTime(InstantSource.system());
        loop.call(() -> new Sweep(vertx, store, time, SweepOptionsForTests.EVERYTHING).run());
        assertEquals(PAGES, store.listed.get());
        assertEquals(PAGES, store.uploadPages.get());
    }
}
