package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.store.ByteSource;

/**
 * The bytes of one part, straight from the client's socket. While the shared budget has room it keeps references to what it
 * gave, so that a part which S3 failed can be sent again; without room it lets go and streams on. Event loop only.
 */
final class PartStream {

    private final ByteSource source;
    private final ByteBudget retention;
    private @Nullable List<Buffer> retained = new ArrayList<>();
    private long reserved;
    private @Nullable Attempt current;
    private @Nullable Future<Buffer> asked;
    private boolean stopped;

    PartStream(ByteSource source, ByteBudget retention) {
        this.source = source;
        this.retention = retention;
    }

    /** Whether everything that was given is still kept, and somebody still wants it. */
    boolean isWhole() {
        return retained != null && !stopped;
    }

    /** The bytes from the first one on, while {@link #isWhole}; the attempt before reads no more. */
    ByteSource attempt() {
        Attempt next = new Attempt();
        current = next;
        return next;
    }

    /** One pass over the part. */
    private final class Attempt implements ByteSource {
        private int position;
        private @Nullable Promise<Buffer> waiting;

        @Override
        public Future<Buffer> next() {
            if (stopped || current != this) {
                return Future.failedFuture(new Stopped());
            }
            List<Buffer> kept = retained;
            if (kept != null && position < kept.size()) {
                return Future.succeededFuture(kept.get(position++));
            }
            Future<Buffer> head = ask();
            if (head.isComplete()) {
                position++;
                return head;
            }
            // The source may never answer once its owner gave it up, and a part that waits for it holds a connection.
            Promise<Buffer> promise = Promise.promise();
            waiting = promise;
            head.onComplete(done -> {
                position++;
                if (done.succeeded()) {
                    promise.tryComplete(done.result());
                } else {
                    promise.tryFail(done.cause());
                }
            });
            return promise.future();
        }

        void stop() {
            Promise<Buffer> promise = waiting;
            if (promise != null) {
                promise.tryFail(new Stopped());
            }
        }

        @Override
        public void cancel() {
            release();
            source.cancel();
        }
    }

    /** The bytes that follow what is kept; an attempt that failed meanwhile may have asked for them already. */
    private Future<Buffer> ask() {
        Future<Buffer> already = asked;
        if (already != null) {
            return already;
        }
        Future<Buffer> fresh = source.next().onComplete(done -> asked = null).onSuccess(this::retain);
        if (!fresh.isComplete()) {
            asked = fresh;
        }
        return fresh;
    }

    private void retain(Buffer chunk) {
        List<Buffer> kept = retained;
        Attempt reader = current;
        if (kept == null || ByteSource.isEnd(chunk)) {
            return;
        }
        if (retention.tryReserve(chunk.length())) {
            reserved += chunk.length();
            kept.add(chunk);
        } else if (reader != null && reader.position < kept.size()) {
            kept.add(chunk); // a later attempt still reads what came before: this one chunk exceeds the budget
        } else {
            release();
        }
    }

    /** Lets go of what is kept: the part was answered, or will never be sent again. */
    void release() {
        retained = null;
        retention.release(reserved);
        reserved = 0;
    }

    /** Ends an attempt that waits for bytes, since its upload has failed elsewhere. */
    void stop() {
        stopped = true;
        Attempt reader = current;
        if (reader != null) {
            reader.stop();
        }
    }

    /** Nobody hears of it: its upload has failed already, for a reason of its own. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the upload was given up", null, false, false);
        }
    }
}
