package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import us.kbase.caching.store.ByteSource;

/**
 * Bytes of one upload in memory, in pieces that were paid for before they were there: one buffer that grows by doubling takes
 * up to three times its content while it copies. Its owner releases it in every case. Event loop only.
 */
final class HeldBytes {

    /** What is paid for at once, and so the most that a sender holds beyond what it sent. */
    static final int PIECE_BYTES = 64 << 10;

    private final StepBudget.Share share;
    private final Deque<Buffer> pieces = new ArrayDeque<>();
    private int room;
    private long length;

    HeldBytes(StepBudget.Share share) {
        this.share = share;
    }

    StepBudget.Share share() {
        return share;
    }

    long length() {
        return length;
    }

    /** Whether more bytes fit into what was paid for. */
    boolean hasRoom() {
        return room > 0;
    }

    /** Adds a piece that the share holds already. */
    void add(int bytes) {
        pieces.add(Buffer.buffer(bytes));
        room = bytes;
    }

    /** Copies what has room into the last piece; what is left over. */
    Buffer fill(Buffer chunk) {
        int taken = Math.min(room, chunk.length());
        if (taken > 0) {
            pieces.getLast().appendBuffer(chunk, 0, taken);
        }
        room -= taken;
        length += taken;
        return chunk.slice(taken, chunk.length());
    }

    /** All that is held, once more each time. */
    ByteSource source() {
        Iterator<Buffer> given = List.copyOf(pieces).iterator();
        return new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return Future.succeededFuture(given.hasNext() ? given.next() : END);
            }

            @Override
            public void cancel() {
                // the bytes are their owner's, and it releases them
            }
        };
    }

    /** What is held and then the rest; each piece is given back when it is taken. */
    ByteSource drainedInto(ByteSource rest) {
        return new ByteSource() {
            @Override
            public Future<Buffer> next() {
                Buffer piece = pieces.poll();
                if (piece == null) {
                    return rest.next();
                }
                share.shrink(PIECE_BYTES);
                return Future.succeededFuture(piece);
            }

            @Override
            public void cancel() {
                release();
                rest.cancel();
            }
        };
    }

    /** Gives everything back. May be called more than once. */
    void release() {
        pieces.clear();
        share.close();
    }
}
