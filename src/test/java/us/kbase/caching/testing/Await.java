package us.kbase.caching.testing;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Futures in tests: what one gave or failed with, and never waiting for ever. */
public final class Await {

    private static final int SECONDS_MAX = 20;
    private static final long STILL_NANOS = 400_000_000L;

    private Await() {}

    /** What the future gave; its failure is thrown. */
    public static <T> T result(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("not done after " + SECONDS_MAX + " s", e);
        }
    }

    /** The failure of a future that must fail with this type and nothing around it. */
    public static <F extends Throwable> F failure(Class<F> type, Future<?> future) {
        try {
            Object given = future.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
            return fail("should have failed, but gave " + given);
        } catch (ExecutionException e) {
            return assertInstanceOf(type, e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("not done after " + SECONDS_MAX + " s", e);
        }
    }

    /** Looks again until the condition holds. */
    public static void until(String what, BooleanSupplier condition) {
        until(what, SECONDS_MAX, condition);
    }

    /** The same for what takes long, such as a start of several processes. */
    public static void until(String what, int secondsMax, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail(what + ": not seen after " + secondsMax + " s");
            }
            LockSupport.parkNanos(1_000_000); // looks again soon, and leaves the processors to what is waited for
        }
    }

    /** The count once it has stood still for a while. */
    public static long settled(AtomicLong count) {
        long seen = -1;
        long since = System.nanoTime();
        while (System.nanoTime() - since < STILL_NANOS) {
            if (count.get() != seen) {
                seen = count.get();
                since = System.nanoTime();
            }
            LockSupport.parkNanos(1_000_000);
        }
        return seen;
    }
}
