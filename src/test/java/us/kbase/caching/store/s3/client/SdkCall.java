package us.kbase.caching.store.s3.client;

import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import us.kbase.caching.stream.ByteSource;

/** One call as the SDK makes it, and what its handler heard. */
final class SdkCall implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {

    final List<String> heard = new CopyOnWriteArrayList<>();
    final CompletableFuture<Publisher<ByteBuffer>> stream = new CompletableFuture<>();
    private final Buffer content = Buffer.buffer();
    private final SdkHttpFullRequest.Builder request;
    private boolean reading = true;
    private ByteSource body = ByteSource.of(Buffer.buffer());
    private long length;
    volatile Subscription subscription;

    SdkCall(SdkHttpMethod method, int port) {
        request = SdkHttpFullRequest.builder()
                .method(method)
                .uri(URI.create("http://127.0.0.1:" + port + "/path?a=b"))
                .putHeader("Host", "127.0.0.1:" + port);
    }

    SdkCall header(String name, String value) {
        request.putHeader(name, value);
        return this;
    }

    SdkCall body(ByteSource source, long lengthBytes) {
        body = source;
        length = lengthBytes;
        request.putHeader("Content-Length", Long.toString(lengthBytes));
        return this;
    }

    /** Leaves the response's stream to the test. */
    SdkCall notReading() {
        reading = false;
        return this;
    }

    CompletableFuture<Void> on(VertxSdkHttpClient client) {
        return client.execute(AsyncExecuteRequest.builder()
                .request(request.build())
                .requestContentPublisher(new SourcePublisher(body, length))
                .responseHandler(this)
                .build());
    }

    String content() {
        return content.toString();
    }

    @Override
    public void onHeaders(SdkHttpResponse headers) {
        heard.add("headers " + headers.statusCode());
    }

    @Override
    public void onStream(Publisher<ByteBuffer> publisher) {
        heard.add("stream");
        if (reading) {
            publisher.subscribe(this);
        }
        stream.complete(publisher);
    }

    @Override
    public void onError(Throwable error) {
        if (!heard.contains("error")) {
            heard.add("error");
        }
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        if (!heard.contains("bytes")) {
            heard.add("bytes");
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        content.appendBytes(copy);
    }

    @Override
    public void onComplete() {
        heard.add("complete");
    }
}
