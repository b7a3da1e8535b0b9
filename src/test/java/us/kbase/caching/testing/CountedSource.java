package us.kbase.caching.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import us.kbase.caching.stream.ByteSource;

/** A source of chunks outside the heap, which knows whether each was given back, once. */
public final class CountedSource implements ByteSource {

    private final List<Buffer> left;
    private final List<ByteBuf> given = new ArrayList<>();
    private boolean cancelled;

    public CountedSource(List<Buffer> pieces) {
        this.left = new ArrayList<>(pieces);
    }

    @Override
    public Future<Buffer> next() {
        if (left.isEmpty() || cancelled) {
            return Future.succeededFuture(END);
        }
        ByteBuf outside = Unpooled.directBuffer().writeBytes(left.removeFirst().getBytes());
        given.add(outside);
        return Future.succeededFuture(BufferInternal.buffer(outside));
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    /** Every chunk that was given has come back. */
    public void assertAllReleased() {
        for (ByteBuf chunk : given) {
            assertEquals(0, chunk.refCnt(), "owners of a chunk of " + chunk.capacity() + " bytes");
        }
    }
}
