package us.kbase.caching.stress.load;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Calls to one server, from one event loop, over as many connections as there are calls at once. */
public final class Http {

    private static final int TEXT_BYTES_MAX = 64 * 1024;
    private static final int CONNECTIONS_MAX = 50_000;
    private static final int SLOW_RECEIVE_BYTES = 16 * 1024;
    private static final int MANY_SEND_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final URI base;
    private final Settings settings;
    private final HttpClient client;

    /**
     * How to talk.
     *
     * @param receiveBytes the socket's receive buffer; 0 leaves it to the system
     * @param sendBytes the socket's send buffer; 0 leaves it to the system
     * @param patienceMillis a call without any progress for so long has failed
     * @param pace how fast bodies are sent and read
     */
    public record Settings(int receiveBytes, int sendBytes, long patienceMillis, Pace pace) {

        /**
         * For many calls at once. What a thousand sockets hold to be sent would take all memory that the system has for
         * sockets, the server's too where it runs on the same machine.
         */
        public static Settings many(long patienceMillis) {
            return new Settings(0, MANY_SEND_BYTES, patienceMillis, Pace.FULL);
        }

        /** For a few long streams: fewer, larger reads. */
        public static Settings streams(long patienceMillis) {
            return new Settings(Content.SLICE_BYTES_MAX, 0, patienceMillis, Pace.FULL);
        }

        /** For clients that send and take a little at a time. */
        public static Settings slow(long patienceMillis, long bytesPerSecond) {
            return new Settings(SLOW_RECEIVE_BYTES, 0, patienceMillis, new Pace(bytesPerSecond));
        }
    }

    /**
     * One call.
     *
     * @param path appended to the server's base URL as it stands, with its query
     * @param file checks the body of a good reply against this file; without it the reply's text is kept
     */
    public record Call(
            HttpMethod method, String path, Map<String, String> headers, Payload payload, Optional<Content.File> file) {

        /** A call whose reply is short text. */
        public Call(HttpMethod method, String path, Map<String, String> headers, Payload payload) {
            this(method, path, headers, payload, Optional.empty());
        }
    }

    /** What a call was answered: any status; text only when no file was asked for, or the call was refused. */
    public record Reply(int status, MultiMap headers, String text) {}

    /** A client of the server at this URL. */
    public Http(Vertx vertx, URI base, Settings settings) {
        this.vertx = vertx;
        this.base = base;
        this.settings = settings;
        HttpClientOptions options = new HttpClientOptions()
                .setMaxChunkSize(Math.max(64 * 1024, settings.receiveBytes()))
                .setTcpNoDelay(true)
                .setProtocolVersion(io.vertx.core.http.HttpVersion.HTTP_1_1)
                .setConnectTimeout((int) Math.min(Integer.MAX_VALUE, settings.patienceMillis()))
                .setSsl("https".equals(base.getScheme()));
        if (settings.receiveBytes() > 0) {
            options.setReceiveBufferSize(settings.receiveBytes());
        }
        if (settings.sendBytes() > 0) {
            options.setSendBufferSize(settings.sendBytes());
        }
        this.client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(-1));
    }

    /** The server's base URL. */
    public URI base() {
        return base;
    }

    /** Sends a call. {@code sent} and {@code verified} hear of file bytes as they go. */
    public Future<Reply> send(Call call, LongConsumer sent, LongConsumer verified) {
        Promise<Reply> done = Promise.promise();
        client.request(options(call)).onFailure(done::tryFail).onSuccess(request -> {
            request.idleTimeout(settings.patienceMillis());
            request.response()
                    .onFailure(done::tryFail)
                    .onSuccess(response -> receive(call, request, response, verified, done));
            new BodySender(vertx, request, call.payload(), settings.pace(), sent)
                    .send()
                    .onFailure(cause -> answerOr(cause, done));
        });
        return done.future();
    }

    /** A server may refuse and close while the body is still on its way: its answer, if it comes, says more than the break. */
    private void answerOr(Throwable cause, Promise<Reply> done) {
        vertx.setTimer(1_000, id -> done.tryFail(cause));
    }

    private RequestOptions options(Call call) {
        int port = base.getPort() >= 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80;
        RequestOptions options = new RequestOptions()
                .setMethod(call.method())
                .setHost(base.getHost())
                .setPort(port)
                .setFollowRedirects(false)
                .setURI(base.getRawPath().replaceFirst("/$", "") + call.path());
        call.headers().forEach(options::addHeader);
        return options;
    }

    private void receive(
            Call call,
            HttpClientRequest request,
            HttpClientResponse response,
            LongConsumer verified,
            Promise<Reply> done) {
        boolean good = response.statusCode() / 100 == 2;
        Buffer text = Buffer.buffer();
        Sink sink = good && call.file().isPresent() ? new Verifier(call.file().get(), verified) : new TextSink(text);
        response.exceptionHandler(done::tryFail);
        response.handler(chunk -> {
            try {
                sink.take(chunk);
            } catch (CallFailed wrong) {
                done.tryFail(wrong);
                request.reset();
                return;
            }
            if (!settings.pace().isFull()) {
                response.pause();
                vertx.setTimer(settings.pace().millisFor(chunk.length()), id -> response.resume());
            }
        });
        response.endHandler(v -> {
            try {
                sink.end();
                done.tryComplete(new Reply(response.statusCode(), response.headers(), text.toString()));
            } catch (CallFailed wrong) {
                done.tryFail(wrong);
            }
        });
    }

    private record TextSink(Buffer text) implements Sink {
        @Override
        public void take(Buffer chunk) {
            if (text.length() + chunk.length() <= TEXT_BYTES_MAX) {
                text.appendBuffer(chunk);
            }
        }

        @Override
        public void end() {}
    }

    /** Closes all connections. */
    public Future<Void> close() {
        return client.close();
    }
}
