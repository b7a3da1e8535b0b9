package us.kbase.caching.testing;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cluster.Membership;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.tls.TlsFiles;
import us.kbase.caching.trace.Traces;

/** Configurations of gateways that tests start: on a free port of the loopback interface, without sweeps of their own. */
public final class Configs {

    private Configs() {}

    /** A gateway on its own. */
    public static GatewayConfig of(int loops, Map<String, String> userByToken, GatewayConfig.Store store) {
        return new GatewayConfig(
                new GatewayConfig.Http(
                        "127.0.0.1", 0, loops, false, Set.of(), Duration.ofSeconds(25), Optional.empty()),
                new GatewayConfig.Auth(
                        Optional.empty(), secret(userByToken), 100, Duration.ofMinutes(1), Set.of(), Set.of("admin")),
                store,
                new GatewayConfig.Limits(
                        1L << 30, 48, 32L << 20, 32L << 20, Duration.ofMinutes(1), UserLimits.Settings.NONE),
                new GatewayConfig.Expiry(Lifetimes.ORIGINAL, false, Duration.ofHours(1), Duration.ofDays(1)),
                Optional.empty(),
                Optional.of(new GatewayConfig.Metrics(
                        "127.0.0.1", new GatewayConfig.Metrics.Port.Named(0), Optional.empty(), false)));
    }

    private static Map<Secret, String> secret(Map<String, String> userByToken) {
        return userByToken.entrySet().stream()
                .collect(Collectors.toMap(entry -> new Secret(entry.getKey()), Map.Entry::getValue));
    }

    /** The same as a member of a cluster. */
    public static GatewayConfig in(Membership cluster, GatewayConfig config) {
        return new GatewayConfig(
                config.http(),
                config.auth(),
                config.store(),
                config.limits(),
                config.expiry(),
                Optional.of(cluster),
                config.metrics());
    }

    /** The same with its metrics on that port. */
    public static GatewayConfig withMetrics(GatewayConfig.Metrics.Port port, GatewayConfig config) {
        return withMetrics(Optional.of(new GatewayConfig.Metrics("127.0.0.1", port, Optional.empty(), false)), config);
    }

    /** The same without metrics. */
    public static GatewayConfig withoutMetrics(GatewayConfig config) {
        return withMetrics(Optional.empty(), config);
    }

    private static GatewayConfig withMetrics(Optional<GatewayConfig.Metrics> metrics, GatewayConfig config) {
        return new GatewayConfig(
                config.http(),
                config.auth(),
                config.store(),
                config.limits(),
                config.expiry(),
                config.cluster(),
                metrics);
    }

    /** The same with uploads of up to that length. */
    public static GatewayConfig withUploads(long bytesMax, GatewayConfig config) {
        GatewayConfig.Limits limits = config.limits();
        return new GatewayConfig(
                config.http(),
                config.auth(),
                config.store(),
                new GatewayConfig.Limits(
                        bytesMax,
                        limits.s3Connections(),
                        limits.retentionBytes(),
                        limits.collectBytes(),
                        limits.waitMax(),
                        limits.users()),
                config.expiry(),
                config.cluster(),
                config.metrics());
    }

    /** The same by https. */
    public static GatewayConfig withTls(TlsFiles files, GatewayConfig config) {
        GatewayConfig.Http http = config.http();
        return new GatewayConfig(
                new GatewayConfig.Http(
                        http.host(),
                        http.port(),
                        http.loops(),
                        http.accessLog(),
                        http.corsOrigins(),
                        http.stopGrace(),
                        Optional.of(files)),
                config.auth(),
                config.store(),
                config.limits(),
                config.expiry(),
                config.cluster(),
                config.metrics());
    }

    /** The same with its traces going to that collector. */
    public static GatewayConfig traced(Traces.Settings collector, GatewayConfig config) {
        return new GatewayConfig(
                config.http(),
                config.auth(),
                config.store(),
                config.previous(),
                config.limits(),
                config.expiry(),
                config.cluster(),
                config.metrics(),
                Optional.of(collector));
    }

    /** The same with tokens that this auth server knows. */
    public static GatewayConfig asking(URI authServer, GatewayConfig config) {
        return new GatewayConfig(
                config.http(),
                new GatewayConfig.Auth(
                        Optional.of(authServer), Map.of(), 100, Duration.ofMinutes(1), Set.of(), Set.of()),
                config.store(),
                config.previous(),
                config.limits(),
                config.expiry(),
                config.cluster(),
                config.metrics(),
                config.tracing());
    }

    /** A bucket as a configuration names it. */
    public static GatewayConfig.Store.S3 store(S3Connection bucket) {
        return new GatewayConfig.Store.S3(bucket);
    }
}
