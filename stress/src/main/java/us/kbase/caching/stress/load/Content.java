package us.kbase.caching.stress.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * The bytes that every test file is cut from: a random pattern, repeated. Nothing is made while the load runs: sending is a
 * slice of direct memory, and checking a received byte is comparing it with the pattern where it must lie. The period is a
 * prime, so bytes that were moved, repeated or swapped in blocks of any usual size differ too, and each file begins at a
 * place of its own, so the bytes of another file differ.
 */
public final class Content {

    /** The most bytes that one slice has. */
    public static final int SLICE_BYTES_MAX = 256 * 1024;

    private static final int PERIOD = 1_048_573;
    private static final int STRIDE = 7_919;

    private final ByteBuf toSend;
    private final ByteBuffer toCompare;

    /** The pattern of a seed. */
    public Content(long seed) {
        byte[] pattern = new byte[PERIOD + SLICE_BYTES_MAX];
        new Random(seed).nextBytes(pattern);
        System.arraycopy(pattern, 0, pattern, PERIOD, SLICE_BYTES_MAX);
        toSend = Unpooled.directBuffer(pattern.length, pattern.length).writeBytes(pattern);
        toCompare = ByteBuffer.wrap(pattern).asReadOnlyBuffer();
    }

    /** The file with this number; numbers below a million have different bytes. */
    public File file(int number, long lengthBytes) {
        return new File((int) Math.floorMod((long) number * STRIDE, (long) PERIOD), lengthBytes);
    }

    /** One file's bytes, at no cost in memory. */
    public final class File {

        private final int start;
        private final long lengthBytes;

        private File(int start, long lengthBytes) {
            this.start = start;
            this.lengthBytes = lengthBytes;
        }

        /** How long the file is. */
        public long lengthBytes() {
            return lengthBytes;
        }

        /** The next bytes from a position on, at most {@link #SLICE_BYTES_MAX} and the limit, without a copy. */
        public Buffer slice(long position, int limit) {
            int length = (int) Math.min(Math.min(limit, SLICE_BYTES_MAX), lengthBytes - position);
            return BufferInternal.buffer(toSend.slice(place(position), length));
        }

        /** Whether these are the file's bytes from this position on. */
        public boolean matches(long position, Buffer received) {
            if (position + received.length() > lengthBytes) {
                return false;
            }
            ByteBuffer bytes = ((BufferInternal) received).getByteBuf().nioBuffer();
            long at = position;
            while (bytes.hasRemaining()) {
                int length = Math.min(SLICE_BYTES_MAX, bytes.remaining());
                ByteBuffer wanted = toCompare.slice(place(at), length);
                if (wanted.mismatch(bytes.slice(bytes.position(), length)) >= 0) {
                    return false;
                }
                bytes.position(bytes.position() + length);
                at += length;
            }
            return true;
        }

        private int place(long position) {
            return (int) ((start + position) % PERIOD);
        }
    }
}
