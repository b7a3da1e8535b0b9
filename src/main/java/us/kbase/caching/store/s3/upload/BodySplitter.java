package us.kbase.caching.store.s3.upload;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/** Cuts a body into parts, each handed on as it arrives; keeps at most the rest of one chunk between two parts. */
public final class BodySplitter {

    private final ByteSource body;
    private Buffer rest = ByteSource.END;
    private boolean ended;

    public BodySplitter(ByteSource body) {
        this.body = body;
    }

    private Future<Buffer> chunk() {
        if (rest.length() > 0) {
            Buffer given = rest;
            rest = ByteSource.END;
            return Future.succeededFuture(given);
        }
        return body.next().onSuccess(chunk -> ended |= ByteSource.isEnd(chunk));
    }

    /** Collects at most that many bytes; fewer mean that the body ended. */
    Future<Buffer> collect(long bytesMax) {
        Buffer collected = Buffer.buffer();
        return Pump.run(atMost(bytesMax), chunk -> {
                    Chunk.moveTo(collected, chunk);
                    return Future.succeededFuture();
                })
                .map(collected);
    }

    /** At most that many of the next bytes. */
    public ByteSource atMost(long bytesMax) {
        return new Slice(bytesMax, false);
    }

    /** Tells when the body broke though nobody asks for its bytes. */
    void whenBroken(Consumer<Throwable> told) {
        body.whenBroken(told);
    }

    /** Gives bytes and their memory back, to be read again first. */
    void unread(Buffer bytes) {
        rest = rest.length() == 0 ? bytes : Chunk.moveTo(Chunk.moveTo(Buffer.buffer(), bytes), rest);
    }

    /** Gives up the body and what is kept of it. */
    public void cancel() {
        Chunk.release(rest);
        rest = ByteSource.END;
        body.cancel();
    }

    /** Whether the body's end was seen. */
    public boolean ended() {
        return ended && rest.length() == 0;
    }

    /** The next bytes as a source of exactly that length. */
    Slice slice(long lengthBytes) {
        return new Slice(lengthBytes, true);
    }

    /** A part of the body. */
    final class Slice implements ByteSource {
        private final boolean exact;
        private final Promise<Void> drained = CallersContext.promise();
        private long missing;
        private Future<Buffer> asked = Future.succeededFuture();

        private Slice(long lengthBytes, boolean exact) {
            this.missing = lengthBytes;
            this.exact = exact;
        }

        /** Done when all bytes were given, so that the next part may begin. */
        Future<Void> drained() {
            return drained.future();
        }

        /** Whether its next bytes were asked for and have not come. */
        boolean waitsForSender() {
            return !asked.isComplete();
        }

        @Override
        public Future<Buffer> next() {
            if (missing == 0) {
                return Future.succeededFuture(END);
            }
            asked = chunk();
            return asked.compose(this::cut).onFailure(drained::tryFail);
        }

        private Future<Buffer> cut(Buffer chunk) {
            if (ByteSource.isEnd(chunk) && exact) {
                return Future.failedFuture(
                        new Failure.BadInput("At most 64 KiB may follow the file in its form; send the file last"));
            }
            int taken = (int) Math.min(missing, chunk.length());
            missing -= taken;
            if (taken < chunk.length()) {
                rest = Chunk.share(chunk).slice(taken, chunk.length());
            }
            if (missing == 0) {
                drained.tryComplete();
            }
            return Future.succeededFuture(chunk.slice(0, taken));
        }

        @Override
        public void cancel() {
            BodySplitter.this.cancel();
        }
    }
}
