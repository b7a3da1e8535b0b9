package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;
import us.kbase.caching.auth.StaticAuthenticator;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.expiry.Sweeper;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.lease.LeaseAdmission;
import us.kbase.caching.lease.LeaseService;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.verify.Verifier;

/** Each verticle has its event loop, and a store that no other loop touches. */
class VerticleLoopsTest {

    private static final int CONNECTIONS = 8;

    @TempDir
    Path path;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final StoreTime time = new StoreTime(InstantSource.system());
    private final Set<Thread> loops = ConcurrentHashMap.newKeySet();
    private final List<String> strangers = new CopyOnWriteArrayList<>();
    private final List<HttpVerticle> verticles = new CopyOnWriteArrayList<>();
    private DataFolder folder;
    private DiskObjectStore disk;
    private LeaseService leases;
    private Sweeper sweeper;

    @BeforeEach
    void deploy() throws IOException {
        folder = DataFolder.open(path);
        disk = new DiskObjectStore(vertx, folder, false);
        leases = Await.result(LeaseService.start(
                vertx,
                () -> disk,
                time,
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(
                        id -> {},
                        Duration.ofSeconds(1),
                        MemoryPlan.ofThisProcess().waiters())));
        sweeper = new Sweeper(
                vertx,
                disk,
                time,
                () -> Future.succeededFuture(false),
                new Sweeper.Settings(Duration.ofDays(1), Duration.ofDays(1)));
        Await.result(vertx.deployVerticle(this::verticle, new DeploymentOptions().setInstances(2)));
    }

    @AfterEach
    void stop() throws IOException {
        Await.result(vertx.close());
        folder.close();
    }

    private HttpVerticle verticle() {
        HttpVerticle verticle = new HttpVerticle(
                new HttpVerticle.Settings(
                        "127.0.0.1",
                        -1,
                        1 << 20,
                        ClientTimeouts.USUAL,
                        MemoryPlan.ofThisProcess(),
                        java.util.Set.of(),
                        Optional.empty(),
                        new UserLimits(UserLimits.Settings.NONE)),
                new StaticAuthenticator("static", Map.of(JobClient.TOKEN, "alice")),
                this::services,
                new HttpVerticle.Probes(Optional::empty, NOPLogger.NOP_LOGGER, (operation, outcome, nanos) -> {}));
        verticles.add(verticle);
        return verticle;
    }

    private HttpVerticle.Services services() {
        Thread home = Thread.currentThread();
        loops.add(home);
        ObjectStore store = (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (Thread.currentThread() != home) {
                        strangers.add(method.getName() + " on "
                                + Thread.currentThread().getName());
                    }
                    return method.invoke(disk, arguments);
                });
        CacheService cache =
                new CacheService(vertx, store, time, new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), leases));
        return new HttpVerticle.Services(
                cache, leases, new LeaseAdmission(vertx, store, time), sweeper, new Verifier(vertx, store));
    }

    @Test
    void aStoreIsMadeAndUsedOnTheLoopOfItsVerticle() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            assertEquals(404, statusOfAnUnknownId());
        }
        assertEquals(2, loops.size(), "each verticle made a store on a loop of its own");
        assertEquals(List.of(), strangers);
    }

    private int statusOfAnUnknownId() throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + verticles.get(0).port() + "/v1/cache/unknown");
        HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
        call.setRequestProperty("Authorization", JobClient.TOKEN);
        call.setRequestProperty("Connection", "close");
        return call.getResponseCode();
    }
}
