package us.kbase.caching.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Bytes on demand: nothing is read before {@link #next} asks, so what nobody asks for stays with the sender. One owner, one
 * event loop; at most one {@code next} is outstanding.
 */
public interface ByteSource {

    /** The end of a source: the only empty buffer that it gives. */
    Buffer END = Buffer.buffer(0);

    /**
     * The next bytes (at most 256 KiB), or an empty buffer once all were given; failed when the source broke. Who takes a chunk
     * owns it, and releases it once ({@link us.kbase.caching.stream.Chunk}).
     */
    Future<Buffer> next();

    /**
     * Tells why the source broke, as soon as that is known although nobody asks it for bytes: who waits for something else
     * meanwhile need not wait on. One listener, the last one that was set; told at once when it broke before. By default
     * nothing is heard before the next question.
     */
    default void whenBroken(Consumer<Throwable> told) {}

    /** Gives up the rest and frees what it holds. May be called at any time and more than once. */
    void cancel();

    /**
     * Reads it all into memory on the heap. Who keeps it pays for it: before a chunk is kept, {@code pay} is told how many bytes there
     * will be with it, and may throw. What it throws ends the reading; the rest is the caller's to cancel.
     */
    default Future<Buffer> collect(LongConsumer pay) {
        Buffer collected = Buffer.buffer();
        return Pump.run(this, chunk -> {
                    try {
                        pay.accept((long) collected.length() + chunk.length());
                    } catch (RuntimeException refused) {
                        Chunk.release(chunk);
                        throw refused;
                    }
                    Chunk.moveTo(collected, chunk);
                    return Future.succeededFuture();
                })
                .map(collected);
    }

    /** Whether the buffer is the end of a source. */
    static boolean isEnd(Buffer buffer) {
        return buffer.length() == 0;
    }

    /** A source of bytes that are in memory already. */
    static ByteSource of(Buffer bytes) {
        return new InMemory(bytes);
    }
}
