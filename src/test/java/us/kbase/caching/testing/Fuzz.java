package us.kbase.caching.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Holds a property against inputs that seeds make: {@code -Dfuzz.cases=1000000} tries that many of each property,
 * {@code -Dfuzz.seed=4711} begins with that one. A seed that breaks a property is printed; it makes the same input again. No input
 * takes long: who sends one must not choose how much work it is.
 */
public final class Fuzz {

    private static final long FIRST = Long.getLong("fuzz.seed", 1);
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Of the processor, for one input of at most 64 KiB: far more than linear work takes, and far less than a quadratic one. */
    private static final long CASE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Fuzz() {}

    /** What holds for every input that can be made of such a randomness. */
    public interface Property {
        void check(Random random) throws Exception;
    }

    /** The first seed of a run. */
    public static long firstSeed() {
        return FIRST;
    }

    /** How many inputs are tried where usually so many are. */
    public static long cases(int usual) {
        return Long.getLong("fuzz.cases", usual);
    }

    /** The randomness of a seed; neighbours have nothing in common. */
    public static Random random(long seed) {
        return new Random(seed * SPREAD);
    }

    /** Tries as many seeds as usual, or as the command says. */
    public static void holds(int usualCases, Property property) {
        AtomicLong seed = new AtomicLong(FIRST);
        AtomicReference<Throwable> broken = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                for (long end = FIRST + cases(usualCases); seed.get() < end; seed.incrementAndGet()) {
                    check(property, random(seed.get()));
                }
            } catch (Throwable found) { // an error is a finding like any other: a stack that overflows is one
                broken.set(found);
            }
        });
        awaitEnd(thread, seed);
        if (broken.get() != null) {
            throw new AssertionError(replay(seed.get()) + ": " + broken.get(), broken.get());
        }
    }

    private static void check(Property property, Random random) throws Exception {
        long began = THREADS.getCurrentThreadCpuTime();
        property.check(random);
        long took = THREADS.getCurrentThreadCpuTime() - began;
        if (took > CASE_NANOS_MAX) {
            fail("one input took " + took / 1_000_000 + " ms");
        }
    }

    private static void awaitEnd(Thread thread, AtomicLong seed) {
        long seen = -1;
        long since = System.nanoTime();
        try {
            while (!thread.join(java.time.Duration.ofMillis(20))) {
                if (seed.get() != seen) {
                    seen = seed.get();
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > STUCK_NANOS) {
                    AssertionError stuck = new AssertionError(replay(seen) + ": it does not end");
                    stuck.setStackTrace(thread.getStackTrace());
                    throw stuck;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How a seed is tried again. */
    public static String replay(long seed) {
        return "-Dfuzz.seed=" + seed + " -Dfuzz.cases=1";
    }
}
