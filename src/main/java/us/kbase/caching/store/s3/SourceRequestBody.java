package us.kbase.caching.store.s3;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import us.kbase.caching.store.ByteSource;

/** A byte source as the SDK's request body: one chunk asked of the source per chunk of demand. Subscribed once. */
final class SourceRequestBody implements AsyncRequestBody {

    private final ByteSource source;
    private final long lengthBytes;
    private @Nullable Throwable broken;

    SourceRequestBody(ByteSource source, long lengthBytes) {
        this.source = source;
        this.lengthBytes = lengthBytes;
    }

    /** Why the source failed, when it did; the SDK would tell of a broken request only. */
    Optional<Throwable> broken() {
        return Optional.ofNullable(broken);
    }

    @Override
    public Optional<Long> contentLength() {
        return Optional.of(lengthBytes);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Demand(subscriber));
    }

    private final class Demand implements Subscription {
        private final Subscriber<? super ByteBuffer> subscriber;
        private long wanted;
        private boolean asking;
        private boolean finished;
        private boolean looping;

        Demand(Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                finished = true;
                subscriber.onError(new IllegalArgumentException("demand must be positive (reactive streams 3.9)"));
                return;
            }
            wanted = wanted + n < 0 ? Long.MAX_VALUE : wanted + n;
            drain();
        }

        private void drain() {
            if (looping) {
                return;
            }
            looping = true;
            while (wanted > 0 && !asking && !finished) {
                asking = true;
                source.next().onSuccess(this::give).onFailure(this::fail);
            }
            looping = false;
        }

        private void give(Buffer chunk) {
            asking = false;
            if (finished) {
                return;
            }
            if (ByteSource.isEnd(chunk)) {
                finished = true;
                subscriber.onComplete();
                return;
            }
            wanted--;
            subscriber.onNext(((BufferInternal) chunk).getByteBuf().nioBuffer());
            drain();
        }

        private void fail(Throwable cause) {
            broken = cause;
            asking = false;
            if (!finished) {
                finished = true;
                subscriber.onError(cause);
            }
        }

        @Override
        public void cancel() {
            finished = true;
        }
    }
}
