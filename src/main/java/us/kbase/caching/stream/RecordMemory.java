package us.kbase.caching.stream;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;

/**
 * Memory for the records of a secured connection, encrypted and not, counted in {@link ForwardPool}'s budget. The JDK's engine asks for
 * memory on the heap, where what a slow client has not taken yet would be paid by nobody. Any thread.
 */
public final class RecordMemory extends AbstractByteBufAllocator {

    /** The only one. */
    public static final RecordMemory INSTANCE = new RecordMemory();

    private RecordMemory() {
        super(true);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return ForwardPool.forRecord(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return ForwardPool.forRecord(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }
}
