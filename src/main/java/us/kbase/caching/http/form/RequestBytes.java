package us.kbase.caching.http.form;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/** A request's bytes, counted as they are taken. One event loop. */
final class RequestBytes implements ByteSource {

    private final ByteSource request;
    private long taken;

    RequestBytes(ByteSource request) {
        this.request = request;
    }

    /** How many bytes were taken so far. */
    long taken() {
        return taken;
    }

    @Override
    public Future<Buffer> next() {
        return request.next().map(chunk -> {
            taken += chunk.length();
            return chunk;
        });
    }

    /**
     * Takes chunks until it is enough; false when the request ended before. A loop and not a chain of futures, since a
     * client may send thousands of chunks of one byte.
     *
     * @param take hears of a chunk, which is released behind it
     */
    Future<Boolean> takeUntil(BooleanSupplier enough, Consumer<Buffer> take) {
        ByteSource wanted = new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return enough.getAsBoolean() ? Future.succeededFuture(END) : RequestBytes.this.next();
            }

            @Override
            public void cancel() {
                request.cancel();
            }
        };
        return Pump.run(wanted, chunk -> {
                    take.accept(chunk);
                    Chunk.release(chunk);
                    return Future.succeededFuture();
                })
                .map(v -> enough.getAsBoolean());
    }

    @Override
    public void whenBroken(Consumer<Throwable> told) {
        request.whenBroken(told);
    }

    @Override
    public void cancel() {
        request.cancel();
    }
}
