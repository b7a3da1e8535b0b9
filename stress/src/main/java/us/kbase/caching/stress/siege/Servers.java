package us.kbase.caching.stress.siege;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.compare.Build;
import us.kbase.caching.stress.compare.GatewayServer;
import us.kbase.caching.stress.compare.Minio;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.s3.S3Calls;
import us.kbase.caching.stress.s3.Signature;
import us.kbase.caching.stress.siege.store.AuthStandIn;
import us.kbase.caching.stress.siege.store.StoreProxy;

/**
 * What a siege runs against: MinIO, the proxy before it, the auth stand-in, and the gateway.
 *
 * @param s3 calls to MinIO itself, from the loop
 * @param loop of the proxy, the stand-in and {@code s3}
 */
record Servers(StoreProxy proxy, Http s3, Loop loop, GatewayServer gateway, URI metrics) {

    private static final long PATIENCE_MILLIS = 30_000;

    /** Starts all; they go with the clean-up. */
    static Servers start(
            Cleanup cleanup, Vertx vertx, Path folder, Path minioProgram, Path launcher, String heap, long seed) {
        Minio minio = Minio.start(cleanup, minioProgram, folder);
        Loop loop = Loop.of(vertx);
        Http s3 = new Http(vertx, minio.endpoint(), Http.Settings.many(PATIENCE_MILLIS));
        Signature signature = new Signature(minio.endpoint(), Minio.ACCESS_KEY, Minio.SECRET_KEY);
        loop.run(() -> new S3Calls(s3, new Tally(), signature, Minio.BUCKET).createBucket());
        StoreProxy proxy = new StoreProxy(vertx, minio.endpoint(), seed);
        AuthStandIn auth = new AuthStandIn(vertx);
        loop.run(proxy::listen);
        loop.run(auth::listen);
        int metricsPort = Child.freePort();
        GatewayServer gateway = GatewayServer.onS3(
                cleanup,
                Build.measured(launcher),
                folder.resolve("gateway"),
                proxy.url(),
                Map.of(
                        "KBASE_AUTH_URL", auth.url().toString(),
                        "CACHING_HEAP", heap,
                        "CACHING_METRICS_PORT", Integer.toString(metricsPort)));
        return new Servers(proxy, s3, loop, gateway, URI.create("http://127.0.0.1:" + metricsPort + "/metrics"));
    }

    /** The gateway's own gauges, from the address for metrics or, where there is none, from the one for all. */
    Optional<Map<String, Double>> gauges() {
        return Gauges.of(metrics).or(() -> Gauges.of(gateway.url().resolve("/metrics")));
    }

    boolean alive() {
        return gateway.child().isAlive();
    }
}
