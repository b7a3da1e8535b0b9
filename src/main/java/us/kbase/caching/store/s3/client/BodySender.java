package us.kbase.caching.store.s3.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * Sends the body of a request as fast as the server takes it: asks for the next bytes when few wait for the socket. Bytes are counted,
 * since the client's own queue is full after sixteen messages, however long they are. Time counts while the server takes nothing, and
 * never while the source gives nothing. Event loop only.
 */
final class BodySender {

    /** Fewer bytes wait for the socket before the next chunk is asked for. */
    private static final int UNWRITTEN_BYTES_MAX = 128 * 1024;

    private final HttpClientRequest out;
    private final ByteSource bytes;
    private final TimeLimit limit;
    private final long takingMillis;
    private final Owner owner;
    private int unwrittenBytes;
    private boolean asks;
    private boolean full;
    private boolean stepping;
    private boolean over;

    /** Whose body it is; hears at most one of these. */
    interface Owner {

        /** The source ended. */
        void ended();

        /** The source failed: no fault of the server's. */
        void bodyBroken(Throwable cause);

        /** The connection took no more. */
        void giveUp(Throwable cause);
    }

    /**
     * Sends nothing yet.
     *
     * @param takingMillis how long the server may take no bytes while some wait for it
     */
    BodySender(Vertx vertx, HttpClientRequest out, ByteSource bytes, long takingMillis, Owner owner) {
        this.out = out;
        this.bytes = bytes;
        this.limit = new TimeLimit(vertx, owner::giveUp);
        this.takingMillis = takingMillis;
        this.owner = owner;
    }

    /** Sends what the source gives. A loop and no chain: a source may have its bytes at once for as long as the socket takes them. */
    void step() {
        if (stepping) {
            return;
        }
        stepping = true;
        while (!asks && !full && !over) {
            asks = true;
            next().onSuccess(this::given).onFailure(this::broken);
        }
        stepping = false;
    }

    /** Asks for nothing more; what comes yet is released. */
    void stop() {
        over = true;
        limit.stop();
    }

    /** Whether bytes were asked for and have not come. */
    boolean waitsForSource() {
        return asks;
    }

    private Future<Buffer> next() {
        try {
            return bytes.next();
        } catch (RuntimeException | OutOfMemoryError thrown) { // the latter of memory outside the heap
            return Future.failedFuture(thrown);
        }
    }

    private void broken(Throwable cause) {
        if (!over) {
            over = true;
            owner.bodyBroken(cause);
        }
    }

    private void given(Buffer chunk) {
        asks = false;
        if (over) {
            Chunk.release(chunk);
        } else if (ByteSource.isEnd(chunk)) {
            over = true;
            owner.ended();
        } else {
            write(chunk);
            step();
        }
    }

    private void write(Buffer chunk) {
        int length = chunk.length();
        unwrittenBytes += length;
        out.write(chunk)
                .onComplete(done -> Chunk.release(chunk))
                .onSuccess(done -> written(length))
                .onFailure(owner::giveUp);
        if (unwrittenBytes >= UNWRITTEN_BYTES_MAX && !over) {
            full = true;
            limit.start(takingMillis, "the server took no bytes");
        }
    }

    private void written(int length) {
        unwrittenBytes -= length;
        if (full && unwrittenBytes < UNWRITTEN_BYTES_MAX) {
            full = false;
            limit.stop();
            step();
        }
    }
}
