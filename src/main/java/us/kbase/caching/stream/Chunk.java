package us.kbase.caching.stream;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Counts the owners of a chunk's memory. Memory outside the heap has one count for each owner, who releases it once; a slice goes on
 * the count of what it was cut from. For memory on the heap all methods do nothing. Any thread.
 */
public final class Chunk {

    private static final OffHeapPool TEXTS = new OffHeapPool();

    private Chunk() {}

    /** Gives back an owner's count: this owner reads no more. */
    public static void release(Buffer chunk) {
        if (isCounted(chunk)) {
            bytes(chunk).release();
        }
    }

    /** The same chunk for one more owner. */
    public static Buffer share(Buffer chunk) {
        if (isCounted(chunk)) {
            bytes(chunk).retain();
        }
        return chunk;
    }

    /** Appends the bytes to a buffer and releases the chunk; gives the buffer. */
    @CanIgnoreReturnValue
    public static Buffer moveTo(Buffer target, Buffer chunk) {
        target.appendBuffer(chunk);
        release(chunk);
        return target;
    }

    /**
     * One chunk of several, which it takes over, without a copy. Where one of them is counted the others are short texts around it: they
     * are copied out of the heap, since the whole has one count.
     */
    public static Buffer join(List<Buffer> pieces) {
        boolean counted = pieces.stream().anyMatch(Chunk::isCounted);
        CompositeByteBuf whole = Unpooled.compositeBuffer(pieces.size());
        for (Buffer piece : pieces) {
            boolean moved = counted && !isCounted(piece);
            whole.addComponent(
                    true, moved ? TEXTS.directBuffer(piece.length()).writeBytes(piece.getBytes()) : bytes(piece));
        }
        return BufferInternal.buffer(whole);
    }

    /** For who keeps chunks: one that fills less than half of its memory is moved to the heap, where nobody counts. */
    public static Buffer compact(Buffer chunk) {
        return isCounted(chunk) && chunk.length() < wholeBytes(bytes(chunk)) / 2
                ? moveTo(Buffer.buffer(chunk.length()), chunk)
                : chunk;
    }

    /** Whether its memory is counted. */
    public static boolean isCounted(Buffer chunk) {
        return chunk instanceof BufferImpl && bytes(chunk).isDirect();
    }

    /** The bytes to read, valid as long as the chunk is. */
    public static ByteBuffer view(Buffer chunk) {
        return ((BufferInternal) chunk).getByteBuf().nioBuffer();
    }

    /** The memory that a counted chunk keeps, also where it is a slice of more. */
    public static int wholeBytes(Buffer chunk) {
        return wholeBytes(bytes(chunk));
    }

    private static int wholeBytes(ByteBuf bytes) {
        ByteBuf whole = bytes;
        for (ByteBuf outer = bytes.unwrap(); outer != null; outer = outer.unwrap()) {
            whole = outer;
        }
        return whole.capacity();
    }

    private static ByteBuf bytes(Buffer chunk) {
        return ((BufferImpl) chunk).byteBuf();
    }
}
