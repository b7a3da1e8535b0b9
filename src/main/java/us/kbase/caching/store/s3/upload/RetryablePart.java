package us.kbase.caching.store.s3.upload;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * The bytes of one part, straight from the client's socket. While the shared budget has room it keeps what it gave, so that a part
 * which S3 failed can be sent again; without room it lets go and streams on. Event loop only.
 */
final class RetryablePart {

    private final ByteSource source;
    private final RetentionBudget retention;
    private @Nullable List<Buffer> retained = new ArrayList<>();
    private long reserved;
    private Attempt current = new Attempt();
    private @Nullable Throwable broken;
    private boolean asking;
    private boolean ended;

    RetryablePart(ByteSource source, RetentionBudget retention) {
        this.source = source;
        this.retention = retention;
    }

    /** Whether everything that was given is still kept, for somebody who still wants it. */
    boolean isWhole() {
        return retained != null;
    }

    /** The bytes from the first one on, while {@link #isWhole}; the attempt before reads no more. */
    ByteSource attempt() {
        current.stop();
        current = new Attempt();
        return current;
    }

    /** One pass over the part. */
    private final class Attempt implements ByteSource {
        private int position;
        private @Nullable Promise<Buffer> waiting;

        @Override
        public Future<Buffer> next() {
            if (ended || current != this) {
                return Future.failedFuture(new Stopped());
            }
            List<Buffer> kept = retained;
            if (kept != null && position < kept.size()) {
                return Future.succeededFuture(Chunk.share(kept.get(position++)));
            }
            Throwable cause = broken;
            if (cause != null) {
                return Future.failedFuture(cause); // a source that failed once is not to be asked again
            }
            // Not the source's own future: it may never answer once its owner gave it up, and a part that waits for it
            // holds a connection; and an attempt that failed meanwhile may have asked for the bytes already.
            Promise<Buffer> promise = CallersContext.promise();
            waiting = promise;
            ask();
            return promise.future();
        }

        /** False when it does not wait for one. */
        boolean give(Buffer chunk) {
            Promise<Buffer> promise = waiting;
            if (promise == null) {
                return false;
            }
            waiting = null;
            position++;
            promise.complete(chunk);
            return true;
        }

        boolean isWaiting() {
            return waiting != null;
        }

        void fail(Throwable cause) {
            Promise<Buffer> promise = waiting;
            waiting = null;
            if (promise != null) {
                promise.fail(cause);
            }
        }

        void stop() {
            fail(new Stopped());
        }

        @Override
        public void cancel() {
            letGo();
            source.cancel();
        }
    }

    private void ask() {
        if (!asking) {
            asking = true;
            source.next().onComplete(this::answered);
        }
    }

    private void answered(AsyncResult<Buffer> answer) {
        asking = false;
        if (answer.failed()) {
            broken = answer.cause();
            current.fail(answer.cause());
            return;
        }
        Buffer chunk = Chunk.compact(answer.result());
        retain(chunk);
        if (!current.give(chunk)) {
            Chunk.release(chunk);
        }
    }

    /** What nobody waits for is for the attempt that begins next: that one chunk may exceed the budget. */
    private void retain(Buffer chunk) {
        List<Buffer> kept = retained;
        if (kept == null || ByteSource.isEnd(chunk)) {
            return;
        }
        boolean paid = retention.tryReserve(chunk.length());
        reserved += paid ? chunk.length() : 0;
        if (paid || !current.isWaiting()) {
            kept.add(Chunk.share(chunk));
        } else {
            letGo();
        }
    }

    private void letGo() {
        List<Buffer> kept = retained;
        retained = null;
        if (kept != null) {
            kept.forEach(Chunk::release);
        }
        retention.release(reserved);
        reserved = 0;
    }

    /** The part was answered, or will never be sent again: nothing is read or kept any more. */
    void end() {
        ended = true;
        current.stop();
        letGo();
    }

    /** Nobody hears of it: its upload has failed already, for a reason of its own. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the upload was given up", null, false, false);
        }
    }
}
