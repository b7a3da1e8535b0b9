package us.kbase.caching.store.s3;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
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
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import us.kbase.caching.transit.Chunk;

/**
 * One request and its response. The contract is {@code SdkAsyncHttpClient.execute}: headers, then always a stream, then the
 * future; a failure goes to the handler and the future. Whoever fails the future from outside (the SDK does, on timeout and
 * abort) resets the connection. Time counts against the server only, never against whoever gives the request's body. Event
 * loop only; the future may be failed by any thread.
 */
final class HttpExchange {

    /** Fewer wait before the next chunk is asked for. */
    private static final int UNWRITTEN_BYTES_MAX = 128 * 1024;

    private final HttpClient client;
    private final AsyncExecuteRequest call;
    private final Patience patience;
    private final TimeLimit limit;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable HttpClientRequest request;
    private @Nullable Subscription body;
    private boolean sent;

    HttpExchange(ContextInternal loop, HttpClient client, AsyncExecuteRequest call, Patience patience) {
        this.client = client;
        this.call = call;
        this.patience = patience;
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
        try {
            open();
        } catch (RuntimeException refused) { // a header that would break the request
            fail(refused);
        }
    }

    private void open() {
        SdkHttpRequest sdk = call.request();
        String query = sdk.encodedQueryParameters().map(q -> "?" + q).orElse("");
        String path = sdk.encodedPath().isEmpty() ? "/" : sdk.encodedPath();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(sdk.method().name()))
                .setHost(sdk.host())
                .setPort(sdk.port())
                .setSsl("https".equals(sdk.protocol()))
                .setFollowRedirects(false) // the signature covers the address
                .setConnectTimeout(patience.connectionMillis())
                .setURI(path + query);
        sdk.forEachHeader((name, values) -> values.forEach(value -> options.addHeader(name, value)));
        client.request(options).onSuccess(this::send).onFailure(cause -> fail(patience.named(cause)));
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
        limit.start(patience.answerMillis(), "the server did not answer");
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
                write(SourceRequestBody.take(call, bytes));
            }
            Subscription subscription = body;
            if (unwrittenBytes < UNWRITTEN_BYTES_MAX && subscription != null) {
                subscription.request(1);
            } else {
                waiting = true;
                limit.start(patience.takingMillis(), "the server took no bytes");
            }
        }

        private void write(Buffer chunk) {
            int bytes = chunk.length();
            unwrittenBytes += bytes;
            out.write(chunk)
                    .onComplete(v -> Chunk.release(chunk))
                    .onSuccess(v -> written(bytes))
                    .onFailure(HttpExchange.this::fail);
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
        private boolean ended;

        ResponseStream(HttpClientResponse response, Subscriber<? super ByteBuffer> subscriber) {
            this.response = response;
            this.subscriber = Objects.requireNonNull(subscriber);
        }

        void begin() {
            response.handler(chunk -> {
                if (!ended) {
                    subscriber.onNext(bytes(chunk));
                }
            });
            response.exceptionHandler(cause -> {
                if (!ended) {
                    ended = true;
                    IOException failure = new IOException("the response broke off: " + cause.getMessage(), cause);
                    subscriber.onError(failure);
                    fail(failure);
                }
            });
            response.endHandler(v -> {
                if (!ended) {
                    ended = true;
                    subscriber.onComplete();
                    finish();
                }
            });
            subscriber.onSubscribe(this);
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

    private static ByteBuffer bytes(Buffer chunk) {
        return ((BufferInternal) chunk).getByteBuf().nioBuffer();
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
            opened.reset().onFailure(S3Failures::logCleanup);
        } else { // below Vert.x, which would first write what waits, for as long as the server takes nothing
            ChannelHandlerContext below = ((ConnectionBase) opened.connection()).channelHandlerContext();
            ChannelFuture unused = below.close();
        }
    }
}
