package us.kbase.caching.expiry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.testing.Loop;

/** When a sweep refuses to go on, how it goes on after a fault, and what it costs. */
class SweepStopsTest {

    private static final Duration GRACE = Duration.ofHours(24);
    private static final SweepOptions FORCED =
            new SweepOptions(SweepOptions.Effect.REMOVE, SweepOptions.Stops.IGNORE, Duration.ZERO, GRACE);
    private static final SweepOptions DRY =
            new SweepOptions(SweepOptions.Effect.COUNT, SweepOptions.Stops.IGNORE, Duration.ZERO, GRACE);

    private Vertx vertx;
    private Loop loop;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private GeneratedStore store(int size, IntPredicate expired) {
        return new GeneratedStore(vertx, size, expired);
    }

    private SweepReport sweep(GeneratedStore store, StoreTime time, SweepOptions options) {
        return loop.call(() -> new Sweep(vertx, store, time, options).run());
    }

    private static StoreTime rightClock() {
        return new StoreTime(InstantSource.system());
    }

    /** A node whose clock is off, which the store's replies have told. */
    private static StoreTime clockOff(Duration error) {
        StoreTime time = new StoreTime(InstantSource.offset(InstantSource.system(), error));
        time.learn(Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS), time.localNow());
        return time;
    }

    @DisplayName("P7: a clock that is off by more than five minutes ends a sweep, even a forced one")
    @ParameterizedTest
    @ValueSource(strings = {"P31D", "PT-1H", "PT6M", "PT-6M"})
    void p7AWrongClockEndsASweep(Duration error) {
        GeneratedStore store = store(500, number -> number < 10);
        SweepReport report = sweep(store, clockOff(error), FORCED);
        assertTrue(report.stopped().orElse("").contains("clock"), report.summary());
        assertEquals(List.of(), store.removed);
        assertEquals(0, store.looks);
    }

    @DisplayName("P7: a clock that is off by less is corrected and sweeps")
    @ParameterizedTest
    @ValueSource(strings = {"PT4M", "PT-4M"})
    void p7AClockThatIsALittleOffIsCorrected(Duration error) {
        assertEquals(
                10,
                sweep(store(500, number -> number < 10), clockOff(error), FORCED)
                        .removed());
    }

    @DisplayName("P7: what is published by a node with a wrong clock expires by the store's")
    @Test
    void p7TheStoresTimeIsKeptWhateverTheLocalClockSays() {
        long off = Duration.between(Instant.now(), clockOff(Duration.ofDays(31)).instant())
                .toMillis();
        assertTrue(Math.abs(off) < 3_000, off + " ms");
    }

    @DisplayName(
            "P7: more than a fifth of a page expired, and at least a hundred: the sweep stops and removes nothing of it")
    @Test
    void p7SuspiciouslyMuchStopsASweep() {
        GeneratedStore store =
                store(3000, number -> number < 1000 && number % 100 == 0 || number >= 1000 && number < 1201);
        SweepReport report = sweep(store, rightClock(), SweepOptionsForTests.EVERYTHING);
        assertTrue(report.stopped().orElse("").contains("--force"), report.summary());
        assertEquals(10, report.removed(), "those of the page before");
        assertEquals(2, store.listed.size());
    }

    @Test
    void aFifthOfAPageIsNotSuspicious() {
        GeneratedStore store = store(1000, number -> number < 200);
        assertEquals(
                200, sweep(store, rightClock(), SweepOptionsForTests.EVERYTHING).removed());
    }

    @Test
    void fewerThanAHundredAreNotSuspiciousHoweverFewTheOthersAre() {
        GeneratedStore store = store(99, number -> true);
        assertEquals(
                99, sweep(store, rightClock(), SweepOptionsForTests.EVERYTHING).removed());
    }

    @Test
    void forceGoesOn() {
        GeneratedStore store = store(1000, number -> true);
        assertEquals(1000, sweep(store, rightClock(), FORCED).removed());
    }

    @Test
    void aDryRunCountsAndRemovesNothing() {
        GeneratedStore store = store(1000, number -> number < 300);
        SweepReport report = sweep(store, rightClock(), DRY);
        assertEquals(300, report.expired());
        assertEquals(List.of(), store.removed);
    }

    @DisplayName(
            "P19: a step is one page with 32 looks under way, and after a fault the sweep goes on behind the last key")
    @Test
    void p19AStepIsBoundedAndResumed() {
        GeneratedStore store = store(2500, number -> number % 50 == 0);
        Sweep sweep = new Sweep(vertx, store, rightClock(), SweepOptionsForTests.EVERYTHING);
        assertTrue(loop.call(sweep::step), "uploads");
        assertTrue(loop.call(sweep::step));
        assertEquals(1000 + 20 * 2, store.looks);
        assertEquals(32, store.looksUnderWayMax);

        store.pagesThatFail = 1;
        loop.failureOf(sweep::step);
        assertTrue(loop.call(sweep::step));
        assertTrue(loop.call(sweep::step));
        assertFalse(loop.call(sweep::step));

        String afterFirst = GeneratedStore.key(999);
        assertEquals(List.of("", afterFirst, afterFirst, GeneratedStore.key(1999)), store.listed);
        assertEquals(50, Set.copyOf(store.removed).size());
        assertEquals(50, store.removed.size(), "nothing twice");
    }

    @DisplayName(
            "P19: a hundred thousand objects are swept within a bound of memory that does not grow with their number")
    @Test
    void p19AHundredThousandObjects() {
        long small = sweptWithin(10_000);
        long large = sweptWithin(100_000);
        assertTrue(large < small + (8 << 20), "kept " + small + " bytes after 10 000 and " + large + " after 100 000");
    }

    /** Sweeps, prints the time, and gives the most that was alive at the end of any page. */
    private long sweptWithin(int size) {
        GeneratedStore store = store(size, number -> number % 10 == 0);
        Sweep sweep = new Sweep(vertx, store, rightClock(), SweepOptionsForTests.EVERYTHING);
        long before = alive();
        long most = 0;
        long began = System.nanoTime();
        int step = 0;
        while (loop.call(sweep::step)) {
            store.listed.clear();
            store.removed.clear(); // the test's own notes
            if (++step % (size / 5_000) == 0) {
                most = Math.max(most, alive() - before);
            }
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        assertEquals(size / 10, sweep.report().removed());
        System.out.println("Swept " + size + " objects, a tenth of them expired, in " + millis + " ms, " + store.looks
                + " looks of 1 ms; alive meanwhile: " + (most >> 10) + " KiB");
        return most;
    }

    private static long alive() {
        IntStream.range(0, 2).forEach(i -> System.gc());
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
