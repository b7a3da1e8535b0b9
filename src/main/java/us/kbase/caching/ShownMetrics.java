package us.kbase.caching;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.metrics.Gauge;
import us.kbase.caching.metrics.Meters;
import us.kbase.caching.metrics.MetricsServer;
import us.kbase.caching.names.OwnName;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.tally.LeaseTally;
import us.kbase.caching.tally.ResultTally;
import us.kbase.caching.tally.SweepTally;

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
                Gauge.level("caching.transfers.open", "", limits::openTransfers),
                Gauge.count("caching.limits.refused", "transfers", limits::refusedTransfers),
                Gauge.count("caching.limits.refused", "requests", limits::refusedRequests));
    }

    /** What is shown of results and their bytes. */
    static List<Gauge> of(CacheService.Node node) {
        ResultTally results = node.tally();
        return List.of(
                Gauge.count("caching.results", "hit", results::hits),
                Gauge.count("caching.results", "miss", results::misses),
                Gauge.count("caching.results", "upload", results::uploads),
                new Gauge("caching.saved", "seconds", "", Gauge.Growth.ONLY_UP, results::savedSeconds),
                Gauge.count("caching.downloads.damaged", "", node.damaged()::count));
    }

    /** What is shown of leases. */
    static List<Gauge> of(LeaseTally leases) {
        return List.of(
                Gauge.count("caching.leases", "given", leases::given),
                Gauge.count("caching.leases", "ready", leases::ready),
                Gauge.count("caching.leases", "pending", leases::pending),
                Gauge.count("caching.leases", "lost", leases::lost));
    }

    /** What is shown of sweeps. */
    static List<Gauge> of(SweepTally sweeps) {
        return List.of(
                Gauge.count("caching.swept", "removed", sweeps::removed),
                Gauge.count("caching.swept", "spared", sweeps::spared),
                Gauge.count("caching.swept", "failed", sweeps::failed),
                Gauge.count("caching.swept", "aborted", sweeps::aborted),
                new Gauge("caching.sweep.ended", "seconds", "", Gauge.Growth.EITHER_WAY, sweeps::endedEpochSeconds));
    }
}
