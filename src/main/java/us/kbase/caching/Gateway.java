package us.kbase.caching;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.cluster.Cluster;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.expiry.Sweeper;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.http.HttpVerticle;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.lease.LeaseAdmission;
import us.kbase.caching.lease.LeaseService;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.listening.ListeningSockets;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.metrics.Gauge;
import us.kbase.caching.metrics.Meters;
import us.kbase.caching.metrics.MetricsServer;
import us.kbase.caching.names.OwnName;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.verify.Verifier;

/** The composition root: a configuration in, running verticles out. */
public final class Gateway {

    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final Duration LEASE_POLL = Duration.ofSeconds(1);
    private static final Duration LEASE_POLL_WITH_HINTS = Duration.ofSeconds(2);
    private static final String REHEARSING = "Warming up";
    private static final Logger accessLog = LoggerFactory.getLogger("us.kbase.caching.access");

    private final Cluster cluster;
    private final Vertx vertx;
    private final OpenedStore stores;
    private final CommandsDoor door;
    private final MemoryPlan memory;
    private final AtomicReference<Optional<String>> notReady = Readiness.unknown();
    private final Meters meters;
    private final OpenedTraces traces;
    private volatile boolean rehearsed;
    private volatile Optional<String> lacking = Optional.empty();
    private volatile @Nullable MetricsServer metricsServer;
    private volatile OpenedTls tls = OpenedTls.NONE;
    private final ServingLoops serving;

    private Gateway(
            Cluster cluster,
            OpenedStore stores,
            CommandsDoor door,
            MemoryPlan memory,
            Meters meters,
            OpenedTraces traces) {
        this.cluster = cluster;
        this.vertx = cluster.vertx();
        this.stores = stores;
        this.door = door;
        this.serving = new ServingLoops(cluster.vertx(), door);
        this.memory = memory;
        this.meters = meters;
        this.traces = traces;
    }

    /**
     * Starts serving. Fails when the port is taken, the data folder cannot be used, or the S3 server refuses key or bucket; a
     * store that merely cannot be reached is tried again, and {@code /readyz} says so meanwhile.
     */
    public static Future<Gateway> start(GatewayConfig config) {
        return start(config, Future::succeededFuture);
    }

    /** The same; {@code /readyz} says no until the rehearsal, begun once the gateway listens, has ended. */
    public static Future<Gateway> start(GatewayConfig config, Supplier<Future<Void>> rehearsal) {
        Meters meters = new Meters();
        ListeningSockets sockets = ListeningSockets.shut();
        VertxOptions options =
                new VertxOptions().setEventLoopPoolSize(config.http().loops()).setMetricsOptions(Meters.options());
        OpenedTraces traces = OpenedTraces.of(config.tracing());
        VertxBuilder builder = traces.with(meters.builder());
        meters.show(traces.gauges());
        meters.showVersion(Version.own());
        return config.cluster()
                .map(membership -> new Listener(
                                "cluster",
                                membership.own().host(),
                                membership.own().port())
                        .explained(Cluster.join(builder, options, sockets, membership)))
                .orElseGet(() -> Cluster.alone(builder, options, sockets))
                .compose(cluster -> start(config, meters, traces, sockets, cluster))
                .onFailure(cause -> traces.close())
                .onSuccess(gateway -> gateway.rehearse(rehearsal));
    }

    /** A rehearsal that fails has warmed up what it could. */
    private void rehearse(Supplier<Future<Void>> rehearsal) {
        rehearsal.get().onComplete(ended -> {
            rehearsed = true;
            if (ended.failed()) {
                log.warn("The warm-up ended early: {}", ended.cause().toString());
            }
        });
    }

    /** A store without conditional writes answers, and can serve nobody. */
    private void unsuited(Throwable cause) {
        log.warn("Leases: {}", Reason.of(cause));
        if (S3Errors.lacks(cause)) {
            lacking = Optional.of(Reason.of(cause));
        }
    }

    /** A store that does not answer is said at once: only it is something to repair. */
    private Optional<String> notReady() {
        return notReady.get().or(() -> lacking).or(() -> rehearsed ? Optional.empty() : Optional.of(REHEARSING));
    }

    private static Future<Gateway> start(
            GatewayConfig config, Meters meters, OpenedTraces traces, ListeningSockets sockets, Cluster cluster) {
        MemoryPlan memory = MemoryPlan.ofThisProcess();
        OpenedStore stores;
        try {
            stores = OpenedStore.served(cluster.vertx(), config, memory, meters::callEnded);
        } catch (IOException | RuntimeException e) {
            return cluster.vertx().close().transform(closed -> Future.failedFuture(e));
        }
        Gateway gateway = new Gateway(cluster, stores, CommandsDoor.of(config.store()), memory, meters, traces);
        return Future.succeededFuture(config)
                .compose(begin -> gateway.begin(config, sockets)) // which hears also of what it throws
                .recover(cause -> gateway.close().transform(closed -> Future.failedFuture(cause)));
    }

    private Future<Gateway> begin(GatewayConfig config, ListeningSockets sockets) {
        Future<LeaseService> leases = leases(config.expiry().lifetimes());
        // Both at once: who listens can answer what needs no store while the store is still asked for. Neither is left
        // half-way.
        Listener clients =
                new Listener("http", config.http().host(), config.http().port());
        return Future.join(
                        onNewLoop(stores.perLoop()).compose(store -> Readiness.watch(vertx, store, notReady)),
                        clients.explained(deploy(config, leases)).onSuccess(allLoopsServe -> sockets.open()))
                .compose(v -> showMetrics(config.metrics()).onSuccess(listening -> sockets.open()))
                .compose(v -> serving.openDoor())
                .compose(v -> leases)
                .onSuccess(started -> started.probed().onFailure(this::unsuited))
                .onSuccess(started -> MoveBeside.begin(vertx, config, stores))
                .map(this);
    }

    private Future<ObjectStore> onNewLoop(Supplier<ObjectStore> store) {
        return Future.future(promise -> vertx.getOrCreateContext()
                .runOnContext(
                        v -> Future.succeededFuture().map(begun -> store.get()).onComplete(promise)));
    }

    /** After the clients' port is taken, which may be the usual one of the metrics. */
    private Future<?> showMetrics(Optional<GatewayConfig.Metrics> config) {
        if (config.isEmpty()) {
            return Future.succeededFuture();
        }
        memory.kinds().forEach(budget -> meters.show(Gauge.of(budget)));
        meters.show(stores.gauges());
        meters.showLag(vertx);
        return new ShownMetrics(config.get(), tls)
                .listen(vertx, meters)
                .onSuccess(listening -> metricsServer = listening);
    }

    private Future<?> deploy(GatewayConfig config, Future<LeaseService> leaseService) {
        // Instances that ask for the same negative port share one free port.
        int port = config.http().port() == 0 ? -1 : config.http().port();
        HttpVerticle.Probes probes = new HttpVerticle.Probes(
                this::notReady, config.http().accessLog() ? accessLog : NOPLogger.NOP_LOGGER, meters::requestEnded);
        AuthKind auth = AuthKind.of(vertx, config.auth(), memory, meters::callEnded);
        meters.show(auth.gauges());
        UserLimits limits = new UserLimits(config.limits().users());
        meters.show(ShownMetrics.of(limits));
        Future<String> host = OwnName.address("http.host", config.http().host());
        Future<Verifier> verifying = onNewLoop(stores.own()).map(store -> new Verifier(vertx, store));
        Future<OpenedTls> secured = OpenedTls.open(vertx, config.http().tls());
        return Future.all(leaseService, sweeper(config.expiry()), host, verifying, secured)
                .compose(node -> {
                    LeaseService leases = node.resultAt(0);
                    tls = node.resultAt(4);
                    meters.show(tls.gauges());
                    HttpVerticle.Settings settings = new HttpVerticle.Settings(
                            node.resultAt(2),
                            port,
                            config.limits().uploadBytesMax(),
                            ClientTimeouts.USUAL.withTurn(config.limits().waitMax()),
                            memory,
                            config.http().corsOrigins(),
                            tls.clients(),
                            limits);
                    CacheService.Node shared =
                            new CacheService.Node(config.expiry().lifetimes(), new LastUse(), leases);
                    meters.show(ShownMetrics.of(shared));
                    meters.show(ShownMetrics.of(leases.tally()));
                    return serving.listen(
                            config.http().loops(),
                            settings,
                            where -> new HttpVerticle(
                                    where,
                                    door.known(auth.authenticator()),
                                    () -> services(shared, leases, node.resultAt(1), node.resultAt(3)),
                                    probes));
                });
    }

    /** To be called on the event loop that they are for. */
    private HttpVerticle.Services services(
            CacheService.Node shared, LeaseService leases, Sweeper sweeper, Verifier verifier) {
        ObjectStore store = stores.perLoop().get();
        return new HttpVerticle.Services(
                new CacheService(vertx, store, stores.time(), shared),
                leases,
                new LeaseAdmission(vertx, store, stores.time(), leases.tally()),
                sweeper,
                verifier);
    }

    private Future<LeaseService> leases(Lifetimes lifetimes) {
        Duration poll = cluster.hints() == Cluster.Hints.FROM_ALL ? LEASE_POLL_WITH_HINTS : LEASE_POLL;
        return LeaseService.start(
                        vertx,
                        stores.perLoop(),
                        stores.time(),
                        lifetimes,
                        new LeaseService.Waking(id -> cluster.tell(id.value()), poll, memory.waiters()))
                .onSuccess(leases -> cluster.listen(key -> CacheId.parse(key).ifPresent(leases::wake)));
    }

    private Future<Sweeper> sweeper(GatewayConfig.Expiry expiry) {
        return onNewLoop(stores.own()).map(store -> {
            Sweeper sweeper = new Sweeper(
                    vertx,
                    store,
                    stores.time(),
                    () -> Future.succeededFuture(cluster.leads()),
                    new Sweeper.Settings(expiry.sweepPause(), expiry.uploadGrace(), stores.unswept()));
            meters.show(ShownMetrics.of(sweeper.tally()));
            if (expiry.sweep()) {
                sweeper.start();
            }
            return sweeper;
        });
    }

    /** The port that is listened on. */
    public int port() {
        return serving.port();
    }

    /** The port that shows the metrics, when one does. */
    public OptionalInt metricsPort() {
        MetricsServer listening = metricsServer;
        return listening == null ? OptionalInt.empty() : OptionalInt.of(listening.port());
    }

    /**
     * Accepts nothing any more and lets what was accepted end; what has not ended when the grace is over is cut and aborted.
     * Then frees the store.
     */
    public Future<Void> stop(Duration grace) {
        return serving.drain(grace).transform(drained -> {
            if (drained.failed()) {
                log.warn("Some uploads may not have been aborted: {}", String.valueOf(drained.cause()));
            }
            return close();
        });
    }

    /** Stops listening, cuts what runs, and frees the store. */
    public Future<Void> close() {
        return vertx.close()
                .andThen(closed -> meters.close())
                .eventually(() -> door.closeBefore(stores.shared()))
                .eventually(traces::close);
    }
}
