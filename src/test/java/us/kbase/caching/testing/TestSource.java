package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import us.kbase.caching.stream.ByteSource;

/** Bytes that follow from a seed, given at once when asked; counts what was asked for, and can break in the middle. */
public final class TestSource implements ByteSource {

    private static final int CHUNK_BYTES = 64 * 1024;

    private final long seed;
    private final long lengthBytes;
    private final long breaksAt;
    private final AtomicLong given = new AtomicLong();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private TestSource(long seed, long lengthBytes, long breaksAt) {
        this.seed = seed;
        this.lengthBytes = lengthBytes;
        this.breaksAt = breaksAt;
    }

    public static TestSource of(long seed, long lengthBytes) {
        return new TestSource(seed, lengthBytes, Long.MAX_VALUE);
    }

    /** Fails after that many bytes. */
    public static TestSource breaking(long seed, long lengthBytes, long breaksAtByte) {
        return new TestSource(seed, lengthBytes, breaksAtByte);
    }

    @Override
    public Future<Buffer> next() {
        long from = given.get();
        if (from >= breaksAt) {
            return Future.failedFuture(new Broken());
        }
        int length = (int) Math.min(CHUNK_BYTES, Math.min(lengthBytes, breaksAt) - from);
        given.addAndGet(length);
        return Future.succeededFuture(length == 0 ? END : bytes(seed, from, length));
    }

    @Override
    public void cancel() {
        cancelled.set(true);
    }

    public boolean cancelled() {
        return cancelled.get();
    }

    /** How many bytes were asked for so far. */
    public long givenBytes() {
        return given.get();
    }

    /** The bytes of a seed from an offset on: each depends on its place, so that a lost or doubled chunk shows. */
    public static Buffer bytes(long seed, long from, int length) {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i++) {
            long place = from + i;
            result[i] = (byte) (((place * 0x9E3779B97F4A7C15L) ^ (seed * 31 + place)) >>> 29);
        }
        return Buffer.buffer(result);
    }

    /** Throws unless the bytes are those of the seed from the offset on. */
    public static void check(long seed, long from, Buffer got) {
        if (!bytes(seed, from, got.length()).equals(got)) {
            throw new AssertionError("wrong bytes from offset " + from);
        }
    }

    public static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("the source broke on purpose");
        }
    }
}
