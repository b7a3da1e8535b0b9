package us.kbase.caching.store.s3.client;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import us.kbase.caching.stream.ByteSource;

/** A byte source as the body of a request that the SDK sends: one chunk asked of the source per chunk of demand. */
record SourcePublisher(ByteSource source, long lengthBytes) implements SdkHttpContentPublisher {

    @Override
    public Optional<Long> contentLength() {
        return Optional.of(lengthBytes);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Demand(source, subscriber));
    }

    private static final class Demand implements Subscription {
        private final ByteSource source;
        private final Subscriber<? super ByteBuffer> subscriber;
        private long wanted;
        private boolean asking;
        private boolean finished;
        private boolean looping;

        Demand(ByteSource source, Subscriber<? super ByteBuffer> subscriber) {
            this.source = source;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            wanted += n;
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
            } else {
                wanted--;
                subscriber.onNext(ByteBuffer.wrap(chunk.getBytes()));
                request(0);
            }
        }

        private void fail(Throwable cause) {
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
