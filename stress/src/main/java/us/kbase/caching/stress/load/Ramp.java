package us.kbase.caching.stress.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Opens connections in steps, each ten times the last, and leaves them open. Every connection has made one call, as that of a
 * client that waits for its next job has.
 */
public final class Ramp {

    private static final int FIRST_STEP = 10;
    private static final int AT_ONCE = 50;

    private final HttpClientAgent client;
    private final URI base;
    private final Tally tally;
    private final List<HttpClientConnection> open = new ArrayList<>();
    private int closed;

    /** A ramp of connections to the server at this URL. */
    public Ramp(Vertx vertx, URI base, Tally tally) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAliveTimeout(0).setConnectTimeout(30_000));
        this.base = base;
        this.tally = tally;
    }

    /** Climbs to so many connections; hears of each step once it stands. */
    public Future<Void> climb(int connections, IntConsumer stands) {
        return climb(Math.min(FIRST_STEP, connections), connections, stands);
    }

    private Future<Void> climb(int step, int last, IntConsumer stands) {
        return grow(step).compose(v -> {
            stands.accept(step);
            return step >= last ? Future.succeededFuture() : climb((int) Math.min(10L * step, last), last, stands);
        });
    }

    private Future<Void> grow(int connections) {
        List<Future<Void>> lanes = new ArrayList<>();
        int[] left = {connections - open.size()};
        for (int lane = 0; lane < AT_ONCE; lane++) {
            lanes.add(fill(left));
        }
        return Future.join(lanes).mapEmpty();
    }

    private Future<Void> fill(int[] left) {
        return left[0]-- <= 0
                ? Future.succeededFuture()
                : connect().recover(counted -> Future.succeededFuture()).compose(v -> fill(left));
    }

    private Future<Void> connect() {
        return tally.time(
                "ramp first call",
                System.nanoTime(),
                () -> client.connect(
                                new HttpConnectOptions().setHost(base.getHost()).setPort(base.getPort()))
                        .compose(connection -> {
                            connection.closeHandler(v -> closed++);
                            return connection
                                    .request(new RequestOptions()
                                            .setMethod(HttpMethod.GET)
                                            .setURI("/"))
                                    .compose(request -> request.send())
                                    .compose(response -> response.body()
                                            .compose(body -> response.statusCode() == 200
                                                    ? Future.succeededFuture()
                                                    : Future.failedFuture(
                                                            new CallFailed("status " + response.statusCode()))))
                                    .onSuccess(v -> open.add(connection));
                        })
                        .mapEmpty());
    }

    /** How many connections are open now. */
    public int open() {
        return open.size() - closed;
    }

    /** Closes all. */
    public Future<Void> close() {
        return client.close();
    }
}
