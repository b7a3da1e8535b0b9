package us.kbase.caching.digest;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * A whole file on its way to its reader. Its last chunk is given only when the bytes have the digest that they were stored with: who
 * counts what came is never told that wrong bytes were all of it. One event loop.
 */
public final class CheckedDownload implements ByteSource {

    private final ByteSource source;
    private final long lengthBytes;
    private final Digest expected;
    private final Consumer<Digest> damaged;
    private final RunningDigest running;
    private long passedBytes;

    /**
     * A file that was not read yet.
     *
     * @param lengthBytes of the whole file
     * @param damaged hears of the digest that was found in place of the expected one
     */
    public CheckedDownload(ByteSource source, long lengthBytes, Digest expected, Consumer<Digest> damaged) {
        this.source = source;
        this.lengthBytes = lengthBytes;
        this.expected = expected;
        this.damaged = damaged;
        this.running = RunningDigest.of(expected.algorithm());
    }

    @Override
    public Future<Buffer> next() {
        return source.next().map(chunk -> {
            running.update(chunk);
            passedBytes += chunk.length();
            boolean last = passedBytes == lengthBytes && (lengthBytes == 0 || !ByteSource.isEnd(chunk));
            if (last) {
                check(chunk);
            }
            return chunk;
        });
    }

    private void check(Buffer last) {
        Digest found = running.digest();
        if (!found.equals(expected)) {
            Chunk.release(last);
            damaged.accept(found);
            throw new Failure.Upstream(
                    "The stored file is damaged: its bytes do not have the digest of its upload", null);
        }
    }

    @Override
    public void whenBroken(Consumer<Throwable> told) {
        source.whenBroken(told);
    }

    @Override
    public void cancel() {
        source.cancel();
    }
}
