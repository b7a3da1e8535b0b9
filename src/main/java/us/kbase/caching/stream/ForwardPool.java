package us.kbase.caching.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;

/**
 * Memory for bytes that go from one socket to another as they are. Vert.x copies what came in Netty's own pools to the heap, from
 * where Netty copies it again to write it; what came in another allocator's memory it leaves alone (VertxHandler.safeBuffer).
 * docs/adr/0018 tells what that saves. Any thread.
 */
public final class ForwardPool extends OffHeapPool {

    /** What a read always gets. */
    static final int CHUNK_BYTES_MIN = 4 * 1024;
    /** What all chunks together may take, but for the least of each: a transfer that stands still keeps one. */
    private static final long BUDGET_BYTES = PlatformDependent.maxDirectMemory() / 4;
    /** How many more could come, each for its share of what is left. */
    private static final int SHARES = 16;

    /**
     * What the pool itself may take of the system, as whole chunks of the pool that a little may keep. Where nothing is left outside
     * the heap, Java stops a thread that asks for more for half a second before it says no: the event loop.
     */
    private static final long POOL_BYTES_MAX = PlatformDependent.maxDirectMemory() / 8 * 3;

    private static final ForwardPool POOL = new ForwardPool();

    private ForwardPool() {}

    /**
     * Memory for the next read: less than that, the more is taken.
     *
     * @param usual gives a little, which is copied, when the pool has none and may not grow
     */
    public static ByteBuf next(int bytesMax, ByteBufAllocator usual) {
        ByteBuf pooled = pooled(bytesMax);
        return pooled == null ? usual.directBuffer(CHUNK_BYTES_MIN) : pooled;
    }

    /** The same for who reads from elsewhere: of the heap where it is little, or the pool has none and may not grow. */
    public static ByteBuf next(int bytesMax) {
        ByteBuf pooled = bytesMax > CHUNK_BYTES_MIN ? pooled(bytesMax) : null;
        return pooled == null ? Unpooled.buffer(Math.min(CHUNK_BYTES_MIN, bytesMax)) : pooled;
    }

    /** Memory for so many bytes that were copied anyway, or for the first of them; of the heap when the pool may not grow. */
    public static ByteBuf nextOrHeap(int bytes) {
        ByteBuf pooled = pooled(Math.max(CHUNK_BYTES_MIN, bytes));
        return pooled == null ? Unpooled.buffer(bytes) : pooled;
    }

    /** Memory for what TLS makes of a chunk, which has been read; of the heap when the pool may not grow. */
    static ByteBuf forRecord(int bytes, int bytesMax) {
        boolean room = poolBytes() + POOL_CHUNK_BYTES <= POOL_BYTES_MAX || isRoomInPool();
        return room ? POOL.directBuffer(bytes, bytesMax) : UnpooledByteBufAllocator.DEFAULT.heapBuffer(bytes, bytesMax);
    }

    private static @Nullable ByteBuf pooled(int bytesMax) {
        if (poolBytes() + POOL_CHUNK_BYTES <= POOL_BYTES_MAX) {
            long shareBytes = (BUDGET_BYTES - POOL.pinnedDirectMemory()) / SHARES;
            return POOL.directBuffer((int) Math.clamp(shareBytes, CHUNK_BYTES_MIN, bytesMax));
        }
        return isRoomInPool() ? POOL.directBuffer(CHUNK_BYTES_MIN) : null;
    }

    private static boolean isRoomInPool() {
        return poolBytes() - POOL.pinnedDirectMemory() > POOL_BYTES_MAX / 4;
    }

    /** What the pool has taken of the system. */
    static long poolBytes() {
        return POOL.metric().usedDirectMemory();
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
