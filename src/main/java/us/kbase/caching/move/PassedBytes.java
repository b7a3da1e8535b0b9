package us.kbase.caching.move;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.stream.ByteSource;

/** Bytes on their way from one store to the other, whose digest is known once they have passed. One event loop. */
final class PassedBytes implements ByteSource {

    private final ByteSource source;
    private final RunningDigest running;
    private long bytes;

    PassedBytes(ByteSource source, DigestAlgorithm algorithm) {
        this.source = source;
        this.running = RunningDigest.of(algorithm);
    }

    @Override
    public Future<Buffer> next() {
        return source.next().map(chunk -> {
            running.update(chunk);
            bytes += chunk.length();
            return chunk;
        });
    }

    long bytes() {
        return bytes;
    }

    /** To be asked once, at the end. */
    Digest digest() {
        return running.digest();
    }

    @Override
    public void cancel() {
        source.cancel();
    }
}
