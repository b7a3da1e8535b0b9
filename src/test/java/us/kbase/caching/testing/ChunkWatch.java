package us.kbase.caching.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import us.kbase.caching.stream.ForwardPool;

/** Fails a test class after which memory of transfers is still taken: somebody owned a chunk and did not release it. */
public final class ChunkWatch implements AfterAllCallback {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static long keptBefore;

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (ForwardPool.takenBytes() > keptBefore && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        long kept = ForwardPool.takenBytes() - keptBefore;
        if (kept > 0) {
            keptBefore += kept; // of one class only
            throw new AssertionError(kept + " bytes of chunks were not released");
        }
    }
}
