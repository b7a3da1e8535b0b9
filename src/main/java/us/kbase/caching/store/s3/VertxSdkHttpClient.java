package us.kbase.caching.store.s3;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import us.kbase.caching.transit.Reads;
import us.kbase.caching.transit.UntakenBytes;

/**
 * The SDK's transport over the Vert.x HTTP client of one event loop: requests and bodies never change thread, demand goes
 * through in both directions (docs/adr/0003).
 */
final class VertxSdkHttpClient implements SdkAsyncHttpClient {

    private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int IDLE_SECONDS = 120;

    private final ContextInternal loop;
    private final HttpClient client;
    private final Patience patience;

    /**
     * A client of the current event loop; further calls wait while all connections are in use.
     *
     * @param patience of calls that say nothing else
     */
    VertxSdkHttpClient(Vertx vertx, int connections, Optional<Path> caFile, Patience patience) {
        this.loop = (ContextInternal) vertx.getOrCreateContext();
        this.patience = patience;
        HttpClientOptions options = new HttpClientOptions()
                .setMaxChunkSize(ResponseSource.FILE_READ_BYTES)
                .setReceiveBufferSize(RECEIVE_BUFFER_BYTES)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setIdleTimeout(IDLE_SECONDS)
                .setKeepAliveTimeout(20)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(32 * 1024);
        caFile.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        this.client = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(connections).setEventLoopSize(0))
                .withConnectHandler(connection -> {
                    Channel channel = ((ConnectionBase) connection).channel();
                    Reads.control(channel, ResponseSource.ANSWER_READ_BYTES);
                    UntakenBytes.watch(channel);
                })
                .build();
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        HttpExchange exchange =
                new HttpExchange(loop, client, request, Patience.of(request).orElse(patience));
        if (loop.inThread()) {
            exchange.start();
        } else {
            loop.runOnContext(v -> exchange.start());
        }
        return exchange.done();
    }

    HttpClient client() {
        return client;
    }

    @Override
    public String clientName() {
        return "Vertx";
    }

    @Override
    public void close() {
        client.close().onFailure(S3Failures::logCleanup);
    }
}
