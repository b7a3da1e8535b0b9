package us.kbase.caching.store.s3;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteSource;
import us.kbase.caching.store.Download;

/** A GET's body as a byte source; the download is handed out as soon as the headers are there. Event loop only. */
final class SdkBodyStream
        implements ByteSource, Subscriber<ByteBuffer>, AsyncResponseTransformer<GetObjectResponse, Download> {

    private final Function<GetObjectResponse, Download> describe;
    private final CompletableFuture<Download> opened = new CompletableFuture<>();
    private final Deque<Buffer> arrived = new ArrayDeque<>();
    private @Nullable GetObjectResponse response;
    private @Nullable Subscription subscription;
    private @Nullable Promise<Buffer> asked;
    private @Nullable Throwable broken;
    private boolean complete;
    private boolean cancelled;

    /** A stream that makes its download from the response with the given function. */
    SdkBodyStream(Function<GetObjectResponse, Download> describe) {
        this.describe = describe;
    }

    @Override
    public CompletableFuture<Download> prepare() {
        return opened;
    }

    @Override
    public void onResponse(GetObjectResponse headers) {
        response = headers;
    }

    @Override
    public void onStream(SdkPublisher<ByteBuffer> publisher) {
        publisher.subscribe(this);
        GetObjectResponse headers = response;
        if (headers != null) {
            Download described = describe.apply(headers);
            opened.complete(new Download(described.stored(), described.startBytes(), described.lengthBytes(), this));
        }
    }

    @Override
    public void exceptionOccurred(Throwable cause) {
        opened.completeExceptionally(cause);
        onError(cause);
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        Buffer chunk = BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
        Promise<Buffer> promise = asked;
        if (promise == null || chunk.length() == 0) {
            arrived.add(chunk);
        } else {
            asked = null;
            promise.complete(chunk);
        }
    }

    @Override
    public void onError(Throwable cause) {
        broken = new Failure.Upstream("The object store broke off a download", cause);
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.fail(broken);
        }
    }

    @Override
    public void onComplete() {
        complete = true;
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(END);
        }
    }

    @Override
    public Future<Buffer> next() {
        Buffer ready = arrived.poll();
        if (ready != null) {
            return Future.succeededFuture(ready);
        }
        if (broken != null) {
            return Future.failedFuture(broken);
        }
        Subscription upstream = subscription;
        if (complete || upstream == null) {
            return Future.succeededFuture(END);
        }
        Promise<Buffer> promise = Promise.promise();
        asked = promise;
        upstream.request(1);
        return promise.future();
    }

    @Override
    public void cancel() {
        Subscription upstream = subscription;
        if (!cancelled && !complete && upstream != null) {
            cancelled = true;
            upstream.cancel();
        }
    }
}
