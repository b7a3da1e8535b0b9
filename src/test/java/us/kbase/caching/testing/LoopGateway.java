package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.helpers.NOPLogger;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.auth.StaticAuthenticator;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.expiry.Sweeper;
import us.kbase.caching.http.HttpVerticle;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.lease.LeaseAdmission;
import us.kbase.caching.lease.LeaseService;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.tls.ServerTls;
import us.kbase.caching.verify.Verifier;

/** The routes on one event loop over a store of the test's choice: {@code token} is alice, {@code other} is bob. */
public final class LoopGateway implements AutoCloseable {

    /** Short enough to be waited for. */
    public static final ClientTimeouts SHORT = new ClientTimeouts(
            Duration.ofMillis(500),
            Duration.ofMillis(800),
            800,
            Duration.ofMillis(500),
            Duration.ofMillis(800),
            Duration.ofSeconds(10));

    public static final Map<String, String> USERS = Map.of(JobClient.TOKEN, "alice", "other", "bob");
    private static final long UPLOAD_BYTES_MAX = 1L << 30;

    private final Vertx vertx;
    private final DataFolder folder;
    private final HttpVerticle verticle;

    private LoopGateway(Vertx vertx, Path path, Setup setup) {
        this.vertx = vertx;
        try {
            folder = DataFolder.open(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StoreTime time = new StoreTime(InstantSource.system());
        ObjectStore store = setup.store().apply(new DiskObjectStore(vertx, folder, false));
        LeaseService leases = Await.result(LeaseService.start(
                vertx,
                () -> store,
                time,
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(
                        id -> {},
                        Duration.ofSeconds(1),
                        MemoryPlan.ofThisProcess().waiters())));
        Sweeper sweeper = new Sweeper(
                vertx,
                store,
                time,
                () -> Future.succeededFuture(false),
                new Sweeper.Settings(Duration.ofDays(1), Duration.ofDays(1)));
        CacheService cache =
                new CacheService(vertx, store, time, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), leases));
        verticle = new HttpVerticle(
                new HttpVerticle.Settings(
                        "127.0.0.1",
                        0,
                        setup.uploadBytesMax(),
                        setup.patience(),
                        setup.memory(),
                        setup.corsOrigins(),
                        setup.tls().map(open -> open.apply(vertx)),
                        new UserLimits(setup.limits())),
                setup.authenticator(),
                () -> new HttpVerticle.Services(
                        cache, leases, new LeaseAdmission(vertx, store, time), sweeper, new Verifier(vertx, store)),
                new HttpVerticle.Probes(setup.notReady(), NOPLogger.NOP_LOGGER, (operation, outcome, nanos) -> {}));
        Await.result(vertx.deployVerticle(verticle));
    }

    /** What may differ from the usual. */
    public record Setup(
            UnaryOperator<ObjectStore> store,
            Authenticator authenticator,
            ClientTimeouts patience,
            long uploadBytesMax,
            MemoryPlan memory,
            Supplier<Optional<String>> notReady,
            Set<String> corsOrigins,
            Optional<Function<Vertx, ServerTls>> tls,
            UserLimits.Settings limits) {

        public static Setup usual() {
            return new Setup(
                    store -> store,
                    new StaticAuthenticator("static", USERS),
                    ClientTimeouts.USUAL,
                    UPLOAD_BYTES_MAX,
                    MemoryPlan.ofThisProcess(),
                    Optional::empty,
                    Set.of(),
                    Optional.empty(),
                    UserLimits.Settings.NONE);
        }

        public Setup store(UnaryOperator<ObjectStore> over) {
            return new Setup(over, authenticator, patience, uploadBytesMax, memory, notReady, corsOrigins, tls, limits);
        }

        public Setup authenticator(Authenticator other) {
            return new Setup(store, other, patience, uploadBytesMax, memory, notReady, corsOrigins, tls, limits);
        }

        public Setup patience(ClientTimeouts other) {
            return new Setup(store, authenticator, other, uploadBytesMax, memory, notReady, corsOrigins, tls, limits);
        }

        public Setup uploadBytesMax(long bytes) {
            return new Setup(store, authenticator, patience, bytes, memory, notReady, corsOrigins, tls, limits);
        }

        public Setup memory(MemoryPlan plan) {
            return new Setup(store, authenticator, patience, uploadBytesMax, plan, notReady, corsOrigins, tls, limits);
        }

        public Setup notReady(Supplier<Optional<String>> reason) {
            return new Setup(store, authenticator, patience, uploadBytesMax, memory, reason, corsOrigins, tls, limits);
        }

        public Setup corsOrigins(Set<String> origins) {
            return new Setup(store, authenticator, patience, uploadBytesMax, memory, notReady, origins, tls, limits);
        }

        public Setup limits(UserLimits.Settings ofUsers) {
            return new Setup(
                    store, authenticator, patience, uploadBytesMax, memory, notReady, corsOrigins, tls, ofUsers);
        }

        /** Secured by what that opens. */
        public Setup tls(Function<Vertx, ServerTls> opens) {
            return new Setup(
                    store,
                    authenticator,
                    patience,
                    uploadBytesMax,
                    memory,
                    notReady,
                    corsOrigins,
                    Optional.of(opens),
                    limits);
        }
    }

    /** Keeps its objects in that folder. */
    public static LoopGateway on(Path folder, Setup setup) {
        return on(Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)), folder, setup); // as the gateway
    }

    /** The same on a Vert.x that is closed with it. */
    public static LoopGateway on(Vertx vertx, Path folder, Setup setup) {
        return new LoopGateway(vertx, folder, setup);
    }

    public int port() {
        return verticle.port();
    }

    /** Stops as a gateway does that is told to. */
    public Future<Void> drain(Duration grace) {
        return verticle.drain(grace);
    }

    @Override
    public void close() {
        Await.result(vertx.close());
        folder.close();
    }
}
