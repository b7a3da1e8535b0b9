package us.kbase.caching.store.s3.client;

import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/**
 * The SDK's transport over the calls' connections of one event loop: requests and answers never change thread, demand goes through
 * in both directions (docs/adr/0002). Files do not come this way, and whoever calls the SDK has a place in the lane of calls already.
 */
final class VertxSdkHttpClient implements SdkAsyncHttpClient {

    private final ContextInternal loop;
    private final SignedExchange.Road road;
    private final CallTimeouts timeouts;

    /**
     * A client of the current event loop.
     *
     * @param timeouts of all calls, but for the wait for a connection, which is their maker's
     */
    VertxSdkHttpClient(SignedExchange.Road road, CallTimeouts timeouts) {
        this.loop = (ContextInternal) road.vertx().getOrCreateContext();
        this.road = road;
        this.timeouts = timeouts;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        SdkExchange exchange = new SdkExchange(loop, road, request, timeouts);
        if (loop.inThread()) {
            exchange.start();
        } else {
            loop.runOnContext(v -> exchange.start());
        }
        return exchange.done();
    }

    @Override
    public String clientName() {
        return "Vertx";
    }

    @Override
    public void close() {
        // its connections are another's
    }
}
