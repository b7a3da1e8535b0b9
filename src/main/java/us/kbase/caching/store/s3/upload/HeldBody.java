package us.kbase.caching.store.s3.upload;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.OffHeapPool;

/**
 * Bytes of one upload in memory, in pieces that were paid for before they were there: one buffer that grows by doubling takes
 * up to three times its content while it copies. Outside the heap, where they would be copied from generation to generation
 * while they wait. Its owner releases it in every case. Event loop only.
 */
public final class HeldBody {

    /** What is paid for at once, and so the most that a sender holds beyond what it sent. */
    static final int PIECE_BYTES = 64 << 10;

    /** Little more than a piece is taken as one: a small form is one buffer then. */
    private static final int LAST_PIECE_BYTES_MAX = PIECE_BYTES + PIECE_BYTES / 2;

    private static final OffHeapPool MEMORY = new OffHeapPool();

    private final UploadMemory.Share share;
    private final Deque<Buffer> pieces = new ArrayDeque<>();
    private int room;
    private long length;
    private boolean released;

    HeldBody(UploadMemory.Share share) {
        this.share = share;
    }

    /** The next piece of a body of which at most so many bytes are still to come. */
    static int pieceBytes(long missingBytesMax) {
        return (int) (missingBytesMax <= LAST_PIECE_BYTES_MAX ? Math.max(1, missingBytesMax) : PIECE_BYTES);
    }

    /** What all uploads hold at the moment. */
    public static long takenBytes() {
        return MEMORY.pinnedDirectMemory();
    }

    public UploadMemory.Share share() {
        return share;
    }

    public long length() {
        return length;
    }

    /** Whether more bytes fit into what was paid for. */
    boolean hasRoom() {
        return room > 0;
    }

    /** Adds a piece that the share holds already. */
    public void add(int bytes) {
        pieces.add(BufferInternal.buffer(MEMORY.directBuffer(bytes, bytes)));
        room = bytes;
    }

    /** Copies what has room into the last piece; what is left over, in the chunk's memory. */
    Buffer fill(Buffer chunk) {
        int taken = Math.min(room, chunk.length());
        if (taken > 0) {
            pieces.getLast().appendBuffer(chunk, 0, taken);
        }
        room -= taken;
        length += taken;
        return chunk.slice(taken, chunk.length());
    }

    /** All that is held, when that is one piece. It stays this object's. */
    public Optional<Buffer> onePiece() {
        return pieces.size() == 1 ? Optional.of(pieces.getFirst()) : Optional.empty();
    }

    /** The checksum of all that is held. */
    public Digest checksum(DigestAlgorithm algorithm) {
        RunningDigest digest = RunningDigest.of(algorithm);
        pieces.forEach(digest::update);
        return digest.digest();
    }

    /** All that is held, once more each time. */
    public ByteSource source() {
        Iterator<Buffer> given =
                pieces.stream().filter(piece -> piece.length() > 0).toList().iterator();
        return new ByteSource() {
            @Override
            public Future<Buffer> next() {
                if (released) {
                    return Future.failedFuture(new IllegalStateException("what was held is released"));
                }
                return Future.succeededFuture(given.hasNext() ? Chunk.share(given.next()) : END);
            }

            @Override
            public void cancel() {
                // the bytes are their owner's, and it releases them
            }
        };
    }

    /** What is held and then the rest; each piece is given back when it is taken. */
    public ByteSource drainedInto(ByteSource rest) {
        return new ByteSource() {
            @Override
            public Future<Buffer> next() {
                Buffer piece = pieces.poll();
                if (piece == null) {
                    return rest.next();
                }
                share.shrink(Chunk.wholeBytes(piece));
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
    public void release() {
        released = true;
        pieces.forEach(Chunk::release);
        pieces.clear();
        share.close();
    }
}
