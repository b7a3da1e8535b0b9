package us.kbase.caching.transit;

import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;

/**
 * Memory for bytes that go from one socket to another as they are. Vert.x copies what came in Netty's own pools to the heap, from
 * where Netty copies it again to write it; what came in another allocator's memory it leaves alone (VertxHandler.safeBuffer).
 * docs/adr/0019 tells what that saves. Any thread.
 */
public final class PassedBytes extends OffHeapPool {

    /** What a read always gets. */
    static final int CHUNK_BYTES_MIN = 4 * 1024;
    /** What all chunks together may take, but for the least of each: a transfer that stands still keeps one. */
    private static final long BUDGET_BYTES = PlatformDependent.maxDirectMemory() / 3;
    /** How many more could come, each for its share of what is left. */
    private static final int SHARES = 16;

    private static final PassedBytes POOL = new PassedBytes();

    private PassedBytes() {}

    /** Memory for the next read: less than that, the more is taken. */
    static ByteBuf next(int bytesMax) {
        long shareBytes = (BUDGET_BYTES - POOL.pinnedDirectMemory()) / SHARES;
        return POOL.directBuffer((int) Math.clamp(shareBytes, CHUNK_BYTES_MIN, bytesMax));
    }

    /** What may be taken, beyond the least of each chunk. */
    public static long limitBytes() {
        return BUDGET_BYTES;
    }

    /** What is taken at the moment. */
    public static long takenBytes() {
        return POOL.pinnedDirectMemory();
    }
}
