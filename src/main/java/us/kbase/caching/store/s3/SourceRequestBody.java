package us.kbase.caching.store.s3;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import us.kbase.caching.store.ByteSource;
import us.kbase.caching.transit.Chunk;

/**
 * A byte source as the SDK's request body: one chunk asked of the source per chunk of demand. Subscribed once. The SDK hands on views
 * of bytes; the transport at its other end takes the chunk whose view it got, and what it never gets is released at the end.
 */
final class SourceRequestBody implements AsyncRequestBody {

    private static final CallAttribute<SourceRequestBody> OF_CALL = new CallAttribute<>(SourceRequestBody.class);

    private final ByteSource source;
    private final long lengthBytes;
    private final Deque<Given> untaken = new ArrayDeque<>();
    private @Nullable Throwable broken;
    private boolean over;

    private record Given(ByteBuffer view, Buffer chunk) {}

    SourceRequestBody(ByteSource source, long lengthBytes) {
        this.source = source;
        this.lengthBytes = lengthBytes;
    }

    /** Why the source failed, when it did; the SDK would tell of a broken request only. */
    Optional<Throwable> broken() {
        return Optional.ofNullable(broken);
    }

    /** Tells one call that its transport shall take the chunks. */
    void in(AwsRequestOverrideConfiguration.Builder call) {
        OF_CALL.put(call, this);
    }

    /** The chunk of a view that a call's transport got, which owns it from now on. */
    static Buffer take(AsyncExecuteRequest call, ByteBuffer view) {
        return OF_CALL.of(call)
                .flatMap(body -> body.take(view))
                .orElseGet(() -> view.isDirect() ? copy(view) : BufferInternal.buffer(Unpooled.wrappedBuffer(view)));
    }

    /** Of memory whose owner is not known here. */
    private static Buffer copy(ByteBuffer view) {
        byte[] bytes = new byte[view.remaining()];
        view.duplicate().get(bytes);
        return Buffer.buffer(bytes);
    }

    private Optional<Buffer> take(ByteBuffer view) {
        Given last = untaken.peekLast();
        if (last == null || last.view() != view) {
            return Optional.empty(); // on the heap, or a copy
        }
        untaken.removeLast();
        return Optional.of(last.chunk());
    }

    /** The call is over, and nothing is read or kept for it any more. */
    void end() {
        over = true;
        untaken.forEach(given -> Chunk.release(given.chunk()));
        untaken.clear();
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
            while (wanted > 0 && !asking && !finished && !over) {
                asking = true;
                source.next().onSuccess(this::give).onFailure(this::fail);
            }
            looping = false;
        }

        private void give(Buffer chunk) {
            asking = false;
            if (finished || over) {
                Chunk.release(chunk);
            } else if (ByteSource.isEnd(chunk)) {
                finished = true;
                subscriber.onComplete();
            } else {
                wanted--;
                ByteBuffer view = Chunk.view(chunk);
                if (Chunk.isCounted(chunk)) {
                    untaken.add(new Given(view, chunk));
                }
                subscriber.onNext(view);
                drain();
            }
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
