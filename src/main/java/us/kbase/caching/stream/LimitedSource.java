package us.kbase.caching.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import us.kbase.caching.failure.Failure;

/** Fails a body that turns out longer than allowed; its length need not be known before. */
public final class LimitedSource implements ByteSource {

    private final ByteSource source;
    private final long bytesMax;
    private long given;

    public LimitedSource(ByteSource source, long bytesMax) {
        this.source = source;
        this.bytesMax = bytesMax;
    }

    @Override
    public Future<Buffer> next() {
        return source.next().compose(chunk -> {
            given += chunk.length();
            if (given <= bytesMax) {
                return Future.succeededFuture(chunk);
            }
            Chunk.release(chunk);
            return Future.failedFuture(new Failure.TooLarge("The upload exceeds the limit of " + bytesMax + " bytes"));
        });
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
