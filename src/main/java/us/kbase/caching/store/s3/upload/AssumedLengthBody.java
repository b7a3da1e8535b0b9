package us.kbase.caching.store.s3.upload;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/** A body whose length is guessed: its last chunk is held back until the end is seen, and a wrong guess fails before it. */
public final class AssumedLengthBody implements ByteSource {

    private final ByteSource body;
    private long missing;
    private Buffer held = END;
    private boolean over;

    public AssumedLengthBody(ByteSource body, long lengthBytes) {
        this.body = body;
        this.missing = lengthBytes;
    }

    @Override
    public Future<Buffer> next() {
        if (missing == 0 && held.length() == 0) {
            return Future.succeededFuture(END);
        }
        return missing == 0 ? last() : body.next().compose(this::given);
    }

    private Future<Buffer> given(Buffer chunk) {
        if (ByteSource.isEnd(chunk) || chunk.length() > missing || over) {
            return wrong(chunk);
        }
        missing -= chunk.length();
        if (missing > 0) {
            return Future.succeededFuture(chunk);
        }
        held = chunk;
        return last();
    }

    /** Gives what is held once the end was seen. */
    private Future<Buffer> last() {
        return body.next().compose(chunk -> {
            if (!ByteSource.isEnd(chunk)) {
                return wrong(chunk);
            }
            Buffer last = held;
            held = END;
            return Future.succeededFuture(last);
        });
    }

    private static Future<Buffer> wrong(Buffer chunk) {
        Chunk.release(chunk);
        return Future.failedFuture(
                new Failure.Busy("No memory to collect this form now; send the file as its last field or retry"));
    }

    /** Gives back what is held: nobody will read on. May be called more than once. */
    public void end() {
        over = true;
        Chunk.release(held);
        held = END;
    }

    @Override
    public void cancel() {
        end();
        body.cancel();
    }
}
