package us.kbase.caching.store.s3.client;

import io.vertx.core.Vertx;
import java.time.Duration;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.testing.S3Servers;

/** Connects the current event loop to whatever a request names. */
final class Roads {

    private Roads() {}

    /** That of calls, with at most so many busy ones. */
    static SignedExchange.Road calls(Vertx vertx, int busyMax) {
        return of(vertx, busyMax, Budget.of("transfers", 32 << 20), new ConnectionPools.Load())
                .calls();
    }

    static ConnectionPools of(Vertx vertx, int busyMax, Budget budget, ConnectionPools.Load load) {
        return new ConnectionPools(
                vertx, S3Servers.standIn("http://127.0.0.1:1").within(busyMax, Duration.ofSeconds(20)), budget, load);
    }
}
