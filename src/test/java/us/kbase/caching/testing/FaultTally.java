package us.kbase.caching.testing;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the fault tests of one class did to it and what came of that, for one line at their end: the figures of docs/faults.md are
 * copied from it. Losses are asserted to be none where they are counted. Any thread.
 */
public final class FaultTally {

    private final String test;
    private final AtomicLong injected = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong verifiedBytes = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();

    public FaultTally(Class<?> test) {
        this.test = test.getSimpleName();
    }

    /** So many faults were injected. */
    public void injected(long faults) {
        injected.addAndGet(faults);
    }

    /** A call that met a fault, and said so. */
    public void refused() {
        refused.incrementAndGet();
    }

    /** So many bytes were compared with what they must be. */
    public void verified(long bytes) {
        verifiedBytes.addAndGet(bytes);
    }

    /** A result that is gone, or other bytes that were told as whole. */
    public void lost() {
        losses.incrementAndGet();
    }

    /** The line. */
    public void print() {
        System.out.printf(
                "%s: %d faults injected, %d calls failed of them, %d bytes verified, %d losses%n",
                test, injected.get(), refused.get(), verifiedBytes.get(), losses.get());
    }
}
