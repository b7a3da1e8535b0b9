package us.kbase.caching.store.s3.lane;

import java.util.concurrent.atomic.AtomicInteger;

/** How full one kind of lane is, on all event loops together. Any thread. */
public final class LaneLoad {

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Exchanges that use a connection. */
    public int open() {
        return open.get();
    }

    /** Those of them that wait neither for their client nor for a late answer. */
    public int busy() {
        return busy.get();
    }

    /** Exchanges that wait for their turn. */
    public int waiting() {
        return waiting.get();
    }

    public void open(int change) {
        open.addAndGet(change);
    }

    public void busy(int change) {
        busy.addAndGet(change);
    }

    public void waiting(int change) {
        waiting.addAndGet(change);
    }
}
