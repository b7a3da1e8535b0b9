package us.kbase.caching.store.s3.client;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import us.kbase.caching.pace.CallersContext;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * A call of the SDK as a {@link SignedExchange}: turns the request's publisher into a source, and the answer's source into a publisher.
 * The contract is {@code SdkAsyncHttpClient.execute}: headers, then always a stream, then the future; a failure goes to the handler and
 * the future. Whoever fails the future from outside (the SDK does, on timeout and abort) gives up the exchange. Event loop only; the
 * future may be failed by any thread.
 */
final class SdkExchange {

    /** No answer is longer that the SDK reads for us: a page of 1000 keys of 1024 characters, each escaped, is 3 MiB. */
    private static final int ANSWER_BYTES_MAX = 4 << 20;

    private static final SignedExchange.Content NOTHING = new SignedExchange.Content.Held(Buffer.buffer());

    private final ContextInternal loop;
    private final SignedExchange.Road road;
    private final AsyncExecuteRequest call;
    private final CallTimeouts timeouts;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    SdkExchange(ContextInternal loop, SignedExchange.Road road, AsyncExecuteRequest call, CallTimeouts timeouts) {
        this.loop = loop;
        this.road = road;
        this.call = call;
        this.timeouts = timeouts;
    }

    CompletableFuture<Void> done() {
        return done;
    }

    void start() {
        if (done.isDone()) {
            return; // given up before it began
        }
        PublishedBody body = new PublishedBody(call.requestContentPublisher());
        SignedExchange exchange =
                SignedExchange.beginInTurn(road, () -> ObjectRequests.options(call.request()), content(body), timeouts);
        CompletableFuture<Void> unused = done.whenComplete((v, cause) -> loop.execute(() -> {
            body.cancel();
            if (cause != null) {
                exchange.giveUp(cause);
            }
        }));
        exchange.answer().onSuccess(response -> receive(exchange, response)).onFailure(this::fail);
    }

    private SignedExchange.Content content(ByteSource body) {
        long lengthBytes = call.request()
                .firstMatchingHeader("Content-Length")
                .map(Long::parseLong)
                .orElse(0L);
        return lengthBytes == 0 ? NOTHING : new SignedExchange.Content.Streamed(body, lengthBytes);
    }

    private void receive(SignedExchange exchange, HttpClientResponse response) {
        SdkHttpFullResponse.Builder head =
                SdkHttpFullResponse.builder().statusCode(response.statusCode()).statusText(response.statusMessage());
        response.headers().forEach(header -> head.appendHeader(header.getKey(), header.getValue()));
        call.responseHandler().onHeaders(head.build());
        AtomicBoolean taken = new AtomicBoolean();
        call.responseHandler().onStream(subscriber -> {
            Objects.requireNonNull(subscriber);
            if (taken.getAndSet(true)) {
                refuse(subscriber);
            } else {
                new Answer(subscriber).begin(exchange.bytes(response));
            }
        });
    }

    /** The bytes are the first subscriber's, and its connection may be another exchange's already. */
    private static void refuse(Subscriber<?> second) {
        second.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                // there is nothing for it
            }

            @Override
            public void cancel() {
                // it has nothing
            }
        });
        second.onError(new IllegalStateException("an answer has one subscriber"));
    }

    private void fail(Throwable cause) {
        Throwable io =
                cause instanceof IOException ? cause : new IOException(String.valueOf(cause.getMessage()), cause);
        if (!done.isDone()) {
            call.responseHandler().onError(io);
            done.completeExceptionally(io);
        }
    }

    /** What a publisher gives, one element asked for at a time. */
    private static final class PublishedBody implements ByteSource, Subscriber<ByteBuffer> {
        private final Publisher<ByteBuffer> publisher;
        private @Nullable Subscription subscription;
        private @Nullable Promise<Buffer> asked;
        private @Nullable Future<Buffer> end;

        PublishedBody(Publisher<ByteBuffer> publisher) {
            this.publisher = publisher;
        }

        @Override
        public Future<Buffer> next() {
            Future<Buffer> ended = end;
            if (ended != null) {
                return ended;
            }
            Promise<Buffer> promise = CallersContext.promise();
            asked = promise;
            if (subscription == null) {
                publisher.subscribe(this);
            } else {
                subscription.request(1);
            }
            return promise.future();
        }

        @Override
        public void onSubscribe(Subscription begun) {
            subscription = begun;
            begun.request(1);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            Promise<Buffer> promise = asked;
            Subscription more = subscription;
            if (bytes.hasRemaining() && promise != null) {
                asked = null;
                promise.complete(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes)));
            } else if (more != null) {
                more.request(1); // an empty one would be the end
            }
        }

        @Override
        public void onError(Throwable cause) {
            end(Future.failedFuture(cause));
        }

        @Override
        public void onComplete() {
            end(Future.succeededFuture(END));
        }

        private void end(Future<Buffer> how) {
            end = how;
            Promise<Buffer> promise = asked;
            asked = null;
            if (promise != null) {
                how.onComplete(promise);
            }
        }

        @Override
        public void cancel() {
            Subscription open = subscription;
            if (open != null) {
                open.cancel();
            }
        }
    }

    /**
     * The answer's bytes under the subscriber's demand. One chunk is read ahead of it: a stream ends without demand (reactive streams
     * 1.5), and its end is seen by reading.
     */
    private final class Answer implements Subscription {
        private @Nullable Subscriber<? super ByteBuffer> subscriber;
        private ByteSource bytes = ByteSource.of(ByteSource.END);
        private @Nullable Buffer ahead;
        private long wanted;
        private long receivedBytes;
        private boolean asks;
        private boolean stepping;

        /** Until its end is told, by either side; then it lets go of the subscriber (reactive streams 3.13). */
        Answer(Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        void begin(ByteSource answer) {
            bytes = answer;
            Subscriber<? super ByteBuffer> told = subscriber;
            if (told != null) {
                told.onSubscribe(this);
            }
            bytes.whenBroken(this::broken);
            step();
        }

        @Override
        public void request(long n) {
            Subscriber<? super ByteBuffer> told = subscriber;
            if (n <= 0 && told != null) {
                told.onError(new IllegalArgumentException("demand must be positive (reactive streams 3.9)"));
                cancel();
                return;
            }
            wanted = n > Long.MAX_VALUE - wanted ? Long.MAX_VALUE : wanted + n;
            step();
        }

        /** A loop and no chain: both sides may answer at once. */
        private void step() {
            if (stepping) {
                return;
            }
            stepping = true;
            while (subscriber != null && (ahead == null ? !asks : wanted > 0)) {
                Buffer chunk = ahead;
                if (chunk == null) {
                    asks = true;
                    bytes.next().onSuccess(this::given).onFailure(this::broken);
                } else {
                    ahead = null;
                    wanted--;
                    subscriber.onNext(Chunk.view(chunk));
                }
            }
            stepping = false;
        }

        private void given(Buffer chunk) {
            asks = false;
            receivedBytes += chunk.length();
            Subscriber<? super ByteBuffer> told = subscriber;
            if (told == null) {
                Chunk.release(chunk);
            } else if (ByteSource.isEnd(chunk)) {
                subscriber = null;
                told.onComplete();
                done.complete(null);
            } else if (receivedBytes > ANSWER_BYTES_MAX) {
                end(told, new IOException("an answer of more than " + ANSWER_BYTES_MAX + " bytes"));
                bytes.cancel();
            } else {
                ahead = chunk;
                step();
            }
        }

        private void broken(Throwable cause) {
            Subscriber<? super ByteBuffer> told = subscriber;
            if (told != null) {
                end(told, new IOException("the response broke off: " + cause.getMessage(), cause));
            }
        }

        private void end(Subscriber<?> told, IOException failure) {
            subscriber = null;
            told.onError(failure);
            fail(failure);
        }

        @Override
        public void cancel() {
            if (subscriber != null) {
                subscriber = null;
                bytes.cancel();
                fail(new IOException("the response was cancelled"));
            }
        }
    }
}
