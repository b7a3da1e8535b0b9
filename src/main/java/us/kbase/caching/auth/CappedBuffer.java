package us.kbase.caching.auth;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/** Collects a reply up to a limit and fails beyond it, so that a broken server cannot fill the heap. */
final class CappedBuffer implements WriteStream<Buffer> {

    private final int bytesMax;
    private final Buffer content = Buffer.buffer();

    CappedBuffer(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    Buffer content() {
        return content;
    }

    @Override
    public Future<Void> write(Buffer data) {
        if (content.length() + data.length() > bytesMax) {
            return Future.failedFuture(new IllegalStateException("the reply is longer than " + bytesMax + " bytes"));
        }
        content.appendBuffer(data);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
        return Future.succeededFuture();
    }

    @Override
    public boolean writeQueueFull() {
        return false;
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
        return this;
    }

    @Override
    public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
        return this;
    }
}
