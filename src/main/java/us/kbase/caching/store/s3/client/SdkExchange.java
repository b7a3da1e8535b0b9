package us.kbase.caching.store.s3.client;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.stream.Chunk;

/**
 * One request and its response. The contract is {@code SdkAsyncHttpClient.execute}: headers, then always a stream, then the
 * future; a failure goes to the handler and the future. Whoever fails the future from outside (the SDK does, on timeout and
 * abort) resets the connection. Time counts against the server only, never against whoever gives the request's body. Event
 * loop only; the future may be failed by any thread.
 */
final class SdkExchange {

    /** Fewer wait before the next chunk is asked for. */
    private static final int UNWRITTEN_BYTES_MAX = 128 * 1024;

    /** No answer is longer that the SDK reads for us: a page of 1000 keys of 1024 characters, each escaped, is 3 MiB. */
    private static final int ANSWER_BYTES_MAX = 4 << 20;

    private final HttpClient client;
    private final AsyncExecuteRequest call;
    private final CallTimeouts timeouts;
    private final TimeLimit limit;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable HttpClientRequest request;
    private @Nullable Subscription body;
    private boolean sent;

    SdkExchange(ContextInternal loop, HttpClient client, AsyncExecuteRequest call, CallTimeouts timeouts) {
        this.client = client;
        this.call = call;
        this.timeouts = timeouts;
        this.limit = new TimeLimit(loop.owner(), this::fail);
        CompletableFuture<Void> unused = done.whenComplete((v, cause) -> {
            if (cause != null) {
                loop.execute(this::release);
            }
        });
    }

    CompletableFuture<Void> done() {
        return done;
    }

    void start() {
        open().onSuccess(this::send).onFailure(this::fail);
    }

    private Future<HttpClientRequest> open() {
        if (done.isDone()) {
            return Future.failedFuture(new IOException("given up before it began"));
        }
        try {
            return client.request(ObjectRequests.options(call.request()));
        } catch (RuntimeException refused) { // a header that would break the request
            return Future.failedFuture(refused);
        }
    }

    private void send(HttpClientRequest opened) {
        request = opened;
        if (done.isDone()) {
            release();
            return;
        }
        opened.exceptionHandler(this::fail);
        opened.response().onSuccess(this::receive).onFailure(this::fail);
        String length = opened.headers().get("Content-Length");
        if (length == null || length.equals("0")) {
            end(opened);
        } else {
            call.requestContentPublisher().subscribe(new BodySender(opened));
        }
    }

    private void end(HttpClientRequest opened) {
        sent = true;
        limit.start(timeouts.answerMillis(), "the server did not answer");
        opened.end().onFailure(this::fail);
    }

    /**
     * Asks for the next bytes when few wait for the socket. Bytes are counted, since the client's own queue is full after sixteen
     * messages, however long they are.
     */
    private final class BodySender implements Subscriber<ByteBuffer> {
        private final HttpClientRequest out;
        private int unwrittenBytes;
        private boolean waiting;

        BodySender(HttpClientRequest out) {
            this.out = out;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            body = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            if (done.isDone()) {
                return;
            }
            if (bytes.hasRemaining()) {
                write(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes)));
            }
            Subscription subscription = body;
            if (unwrittenBytes < UNWRITTEN_BYTES_MAX && subscription != null) {
                subscription.request(1);
            } else {
                waiting = true;
                limit.start(timeouts.takingMillis(), "the server took no bytes");
            }
        }

        private void write(Buffer chunk) {
            int bytes = chunk.length();
            unwrittenBytes += bytes;
            out.write(chunk).onSuccess(v -> written(bytes)).onFailure(SdkExchange.this::fail);
        }

        private void written(int bytes) {
            unwrittenBytes -= bytes;
            Subscription subscription = body;
            if (waiting && unwrittenBytes < UNWRITTEN_BYTES_MAX && subscription != null) {
                waiting = false;
                limit.stop();
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable cause) {
            fail(cause);
        }

        @Override
        public void onComplete() {
            waiting = false;
            if (!done.isDone()) {
                end(out);
            }
        }
    }

    private void receive(HttpClientResponse response) {
        if (done.isDone()) {
            release();
            return;
        }
        limit.stop();
        response.pause();
        SdkHttpFullResponse.Builder head =
                SdkHttpFullResponse.builder().statusCode(response.statusCode()).statusText(response.statusMessage());
        response.headers().forEach(header -> head.appendHeader(header.getKey(), header.getValue()));
        call.responseHandler().onHeaders(head.build());
        call.responseHandler().onStream(subscriber -> new ResponseStream(response, subscriber).begin());
    }

    /** The response's bytes under the subscriber's demand. */
    private final class ResponseStream implements Subscription {
        private final HttpClientResponse response;
        private Subscriber<? super ByteBuffer> subscriber;
        private long receivedBytes;
        private boolean ended;

        ResponseStream(HttpClientResponse response, Subscriber<? super ByteBuffer> subscriber) {
            this.response = response;
            this.subscriber = Objects.requireNonNull(subscriber);
        }

        void begin() {
            response.handler(chunk -> {
                receivedBytes += chunk.length();
                if (receivedBytes > ANSWER_BYTES_MAX) {
                    broken(new IOException("an answer of more than " + ANSWER_BYTES_MAX + " bytes"));
                } else if (!ended) {
                    subscriber.onNext(Chunk.view(chunk));
                }
            });
            response.exceptionHandler(
                    cause -> broken(new IOException("the response broke off: " + cause.getMessage(), cause)));
            response.endHandler(v -> {
                if (!ended) {
                    ended = true;
                    subscriber.onComplete();
                    finish();
                }
            });
            subscriber.onSubscribe(this);
        }

        private void broken(IOException failure) {
            if (!ended) {
                ended = true;
                subscriber.onError(failure);
                fail(failure);
            }
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                subscriber.onError(new IllegalArgumentException("demand must be positive (reactive streams 3.9)"));
                cancel();
            } else if (!ended) {
                response.fetch(n);
            }
        }

        @Override
        public void cancel() {
            subscriber = NoSubscriber.INSTANCE;
            if (!ended) {
                ended = true;
                fail(new IOException("the response was cancelled"));
            }
        }
    }

    /** An answer that came before the whole request did leaves a connection on which nothing can follow. */
    private void finish() {
        done.complete(null);
        Subscription subscription = body;
        HttpClientRequest opened = request;
        if (!sent && opened != null) {
            if (subscription != null) {
                subscription.cancel();
            }
            limit.stop();
            cut(opened);
        }
    }

    private void fail(Throwable cause) {
        Throwable io =
                cause instanceof IOException ? cause : new IOException(String.valueOf(cause.getMessage()), cause);
        if (!done.isDone()) {
            call.responseHandler().onError(io);
            done.completeExceptionally(io);
        }
    }

    private void release() {
        limit.stop();
        Subscription subscription = body;
        if (subscription != null) {
            subscription.cancel();
        }
        HttpClientRequest opened = request;
        if (opened != null) {
            cut(opened);
        }
    }

    /** Nothing can follow on the connection of an exchange that broke off. */
    private void cut(HttpClientRequest opened) {
        boolean answered = opened.response().succeeded();
        if (sent && answered) { // the connection may be another exchange's already, which reset() knows
            opened.reset().onFailure(S3Errors::logCleanup);
        } else { // below Vert.x, which would first write what waits, for as long as the server takes nothing
            ChannelHandlerContext below = ((ConnectionBase) opened.connection()).channelHandlerContext();
            ChannelFuture unused = below.close();
        }
    }
}
