package us.kbase.caching;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.metrics.Gauge;
import us.kbase.caching.metrics.Meters;
import us.kbase.caching.metrics.MetricsServer;
import us.kbase.caching.names.OwnName;
import us.kbase.caching.secret.Secret;

/** Where and how a gateway's meters are shown. */
record ShownMetrics(GatewayConfig.Metrics config, OpenedTls tls) {

    /** Listens; fails with a sentence that names the key. */
    Future<MetricsServer> listen(Vertx vertx, Meters meters) {
        int port = config.port().number();
        Listener listener = new Listener("metrics", config.host(), port);
        return listener.explained(OwnName.address("metrics.host", config.host())
                .compose(host -> MetricsServer.listen(
                        vertx,
                        new MetricsServer.Address(
                                host, port, config.token().map(Secret::reveal), tls.operators(config.secured())),
                        config.port() instanceof GatewayConfig.Metrics.Port.Usual
                                ? MetricsServer.IfTaken.USE_ANOTHER
                                : MetricsServer.IfTaken.FAIL,
                        meters::scrape)));
    }

    /** What is shown of users' limits. */
    static List<Gauge> of(UserLimits limits) {
        return List.of(
                Gauge.level("caching.limits.transfers", "", limits::openTransfers),
                Gauge.count("caching.limits.refused", "transfers", limits::refusedTransfers),
                Gauge.count("caching.limits.refused", "requests", limits::refusedRequests));
    }
}
