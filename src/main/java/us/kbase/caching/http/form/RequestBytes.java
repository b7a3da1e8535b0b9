package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * A request's bytes, of which some are looked at before they are given. They are looked at in bites, copied to the heap, of which little
 * is paid for; a file's bytes stay in the memory that they came in. One event loop.
 */
final class RequestBytes {

    /** The most that is moved to the heap at once: the next decision needs no more. */
    static final int BITE_BYTES = 4 * 1024;

    private final ByteSource request;
    private long taken;

    /** Looked at, and neither given nor dropped. */
    private Buffer ahead;

    /** What came last, ours to release; its bytes from an index on are still to be looked at. */
    private Buffer chunk = ByteSource.END;

    private int bitten;

    /**
     * The bytes of a request.
     *
     * @param before what is looked at before them
     */
    RequestBytes(ByteSource request, Buffer before) {
        this.request = request;
        this.ahead = before;
    }

    /** How many bytes came so far. */
    long taken() {
        return taken;
    }

    /** How many of these were given or dropped; what stood before them counts too. */
    long passed() {
        return taken - ahead.length() - chunk.length() + bitten;
    }

    /** What is looked at: on the heap, and a bite longer at most than somebody wanted it. */
    Buffer ahead() {
        return ahead;
    }

    /** Gives the first of what is looked at. */
    Buffer give(int bytes) {
        Buffer given = ahead.slice(0, bytes);
        drop(bytes);
        return given;
    }

    /** Drops the first of what is looked at. */
    void drop(int bytes) {
        ahead = ahead.slice(bytes, ahead.length());
    }

    /** Looks no further than it must: what was bitten of the chunk that is still here goes back to it. */
    void lookBack() {
        int back = Math.min(bitten, ahead.length());
        if (back > 0) {
            bitten -= back;
            ahead = Buffer.buffer(
                    ahead.getBytes(0, ahead.length() - back)); // a slice would keep the memory of the bite
        }
    }

    /** What comes next as it came, of which the caller is the owner; an empty buffer behind the last. Nothing may be looked at. */
    Future<Buffer> next() {
        return arrived().map(more -> {
            Buffer given = chunk.slice(bitten, chunk.length());
            chunk = ByteSource.END;
            bitten = 0;
            return given;
        });
    }

    /** Looks at what {@link #next} gave, from an index on; gives what comes before it, of which the caller stays the owner. */
    Buffer putBack(Buffer given, int from) {
        chunk = Chunk.share(given).slice(from, given.length());
        bite(bite -> ahead = Buffer.buffer(bite.length()).appendBuffer(bite));
        return given.slice(0, from);
    }

    /** Looks further until it is enough; false when the request ended before. */
    Future<Boolean> lookUntil(BooleanSupplier enough) {
        if (enough.getAsBoolean()) {
            return Future.succeededFuture(true);
        }
        ahead = Buffer.buffer().appendBuffer(ahead); // a slice cannot grow
        return biteUntil(enough, bite -> ahead.appendBuffer(bite));
    }

    /** Drops what comes until a delimiter is looked at or it is enough; false when the request ended before. */
    Future<Boolean> dropUntil(BoundarySearch delimiter, BooleanSupplier enough) {
        return biteUntil(() -> delimiter.indexIn(ahead) >= 0 || enough.getAsBoolean(), bite -> {
            int begun = delimiter.partialAtEnd(ahead);
            ahead = Buffer.buffer(begun + bite.length())
                    .appendBuffer(ahead.slice(ahead.length() - begun, ahead.length()))
                    .appendBuffer(bite);
        });
    }

    /** Drops what comes until it is enough; false when the request ended before. */
    Future<Boolean> dropUntil(BooleanSupplier enough) {
        return biteUntil(enough, bite -> ahead = ByteSource.END);
    }

    /** A loop and not a chain of futures, since a client may send thousands of chunks of one byte. */
    private Future<Boolean> biteUntil(BooleanSupplier enough, Consumer<Buffer> take) {
        return Steps.whileMore(() -> enough.getAsBoolean()
                        ? Future.succeededFuture(false)
                        : arrived().map(more -> {
                            bite(take);
                            return more;
                        }))
                .map(v -> enough.getAsBoolean());
    }

    private void bite(Consumer<Buffer> take) {
        int end = Math.min(bitten + BITE_BYTES, chunk.length());
        take.accept(chunk.slice(bitten, end));
        bitten = end;
        if (bitten == chunk.length()) {
            release();
        }
    }

    /** False when the request has ended; otherwise there is a chunk with something left. */
    private Future<Boolean> arrived() {
        if (chunk.length() > 0) {
            return Future.succeededFuture(true);
        }
        return request.next().map(next -> {
            taken += next.length();
            chunk = next;
            return !ByteSource.isEnd(next);
        });
    }

    private void release() {
        Chunk.release(chunk);
        chunk = ByteSource.END;
        bitten = 0;
    }

    void whenBroken(Consumer<Throwable> told) {
        request.whenBroken(told);
    }

    /** Gives up what is still to come, and releases what was taken of it. May be called again. */
    void cancel() {
        release();
        ahead = ByteSource.END;
        request.cancel();
    }
}
