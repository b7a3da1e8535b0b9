package us.kbase.caching.store.s3;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
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

    /** Asks for the next bytes when the socket has room for them. */
    private final class BodySender implements Subscriber<ByteBuffer> {
        private final HttpClientRequest out;
        private boolean waiting;

        BodySender(HttpClientRequest out) {
            this.out = out;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            body = subscription;
            out.drainHandler(v -> {
                if (waiting) {
                    waiting = false;
                    limit.stop();
                    subscription.request(1);
                }
            });
            subscription.request(1);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            if (done.isDone()) {
                return;
            }
            if (bytes.hasRemaining()) {
                Buffer chunk = SourceRequestBody.take(call, bytes);
                out.write(chunk).onComplete(written -> Chunk.release(chunk)).onFailure(HttpExchange.this::fail);
            }
            Subscription subscription = body;
            if (!out.writeQueueFull() && subscription != null) {
                subscription.request(1);
            } else {
                waiting = true;
                limit.start(patience.takingMillis(), "the server took no bytes");
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
            // Not reset(): it would take the stream for a finished one and pool the connection.
            opened.connection().close().onFailure(S3Failures::logCleanup);
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
            opened.reset().onFailure(S3Failures::logCleanup);
        }
    }
}
