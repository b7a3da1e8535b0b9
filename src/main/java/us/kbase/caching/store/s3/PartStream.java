package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.store.ByteSource;

/**
 * The bytes of one part, straight from the client's socket. While the shared budget has room it keeps references to what it
 * gave, so that a part which S3 failed can be sent again; without room it lets go and streams on.
 */
final class PartStream implements ByteSource {

    private final ByteSource source;
    private final ByteBudget retention;
    private @Nullable List<Buffer> retained = new ArrayList<>();
    private long reserved;
    private int position;
    private @Nullable Future<Buffer> pending;

    PartStream(ByteSource source, ByteBudget retention) {
        this.source = source;
        this.retention = retention;
    }

    @Override
    public Future<Buffer> next() {
        List<Buffer> kept = retained;
        if (kept != null && position < kept.size()) {
            return Future.succeededFuture(kept.get(position++));
        }
        Future<Buffer> asked = pending; // asked for by an attempt that failed meanwhile
        if (asked == null) {
            asked = source.next().onComplete(done -> pending = null).onSuccess(this::retain);
            if (!asked.isComplete()) {
                pending = asked;
            }
        }
        return asked.onSuccess(chunk -> position = retained == null ? 0 : retained.size());
    }

    private void retain(Buffer chunk) {
        List<Buffer> kept = retained;
        if (kept == null || ByteSource.isEnd(chunk)) {
            return;
        }
        if (retention.tryReserve(chunk.length())) {
            reserved += chunk.length();
            kept.add(chunk);
        } else {
            release();
        }
    }

    /** Begins again from the first byte; false when what was given is no longer kept. */
    boolean restart() {
        position = 0;
        return retained != null;
    }

    /** Lets go of what is kept: the part was answered, or will never be sent again. */
    void release() {
        retained = null;
        retention.release(reserved);
        reserved = 0;
    }

    @Override
    public void cancel() {
        release();
        source.cancel();
    }
}
