package us.kbase.caching.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

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

    /** Whether the buffer is the end of a source. */
    static boolean isEnd(Buffer buffer) {
        return buffer.length() == 0;
    }

    /** A source of bytes that are in memory already. */
    static ByteSource of(Buffer bytes) {
        return new InMemory(bytes);
    }
}
