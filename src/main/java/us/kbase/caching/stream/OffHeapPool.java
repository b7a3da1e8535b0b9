package us.kbase.caching.stream;

import io.netty.buffer.PooledByteBufAllocator;

/**
 * Memory outside the heap for buffers of kilobytes: one arena for all threads, none of which keeps a cache of it. Any thread.
 */
public class OffHeapPool extends PooledByteBufAllocator {

    private static final int PAGE_BYTES = 8 * 1024;
    /** 4 MiB. Of smaller ones a single buffer is a quarter, and such are given back to the system when they get empty. */
    private static final int POOL_CHUNK_ORDER = 9;

    /** It grows by so much at once. */
    protected static final int POOL_CHUNK_BYTES = PAGE_BYTES << POOL_CHUNK_ORDER;

    /** A pool that has taken nothing yet. */
    public OffHeapPool() {
        super(true, 0, 1, PAGE_BYTES, POOL_CHUNK_ORDER, 0, 0, false);
    }
}
