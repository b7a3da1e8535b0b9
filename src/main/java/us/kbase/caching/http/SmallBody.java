package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteSource;
import us.kbase.caching.store.Pump;
import us.kbase.caching.transit.Chunk;

/** A request's body in memory: for parameters, never for files. */
final class SmallBody {

    private static final int BYTES_MAX = 1 << 20;

    private SmallBody() {}

    /** The whole body; fails with {@code TooLarge} beyond 1 MiB. */
    static Future<byte[]> collect(ByteSource source) {
        Buffer body = Buffer.buffer();
        return Pump.run(source, chunk -> {
                    return Chunk.moveTo(body, chunk).length() > BYTES_MAX
                            ? Future.failedFuture(new Failure.TooLarge("The parameters exceed 1 MiB"))
                            : Future.succeededFuture();
                })
                .map(v -> body.getBytes());
    }
}
