package us.kbase.caching.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Bytes that are in memory already, in one buffer. Event loop only. */
public final class InMemory implements ByteSource {

    private final Buffer whole;
    private Buffer rest;

    InMemory(Buffer bytes) {
        this.whole = bytes;
        this.rest = bytes;
    }

    /** All of them, whatever was given. */
    public Buffer whole() {
        return whole;
    }

    @Override
    public Future<Buffer> next() {
        Buffer given = rest;
        rest = END;
        return Future.succeededFuture(given);
    }

    @Override
    public void cancel() {
        rest = END;
    }
}
