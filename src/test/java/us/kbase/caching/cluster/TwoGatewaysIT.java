package us.kbase.caching.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.JobClient.Reply;
import us.kbase.caching.testing.S3Servers;

class TwoGatewaysIT {

    private static final int WAITERS = 100;
    private static final int ROUNDS_MAX = 10;
    private static final long WAKE_MILLIS_MAX = 100;

    private static final JsonObject AT_ONCE = new JsonObject().put("wait_seconds", 0);
    private static final JsonObject WAITING = new JsonObject().put("wait_seconds", 30);

    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Gateway> gateways = new ArrayList<>();
    private final List<JobClient> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        Optional<S3Servers.Server> server = S3Servers.minio();
        assumeTrue(server.isPresent(), "no MinIO on this machine");
        S3Connection bucket = server.get().bucket();
        List<String> members = List.of("127.0.0.1:" + S3Servers.freePort(), "127.0.0.1:" + S3Servers.freePort());
        for (String own : members) {
            Gateway gateway = Gateway.start(config(bucket, own, members))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            gateways.add(gateway);
            clients.add(new JobClient(gateway.port(), JobClient.TOKEN));
        }
    }

    private static GatewayConfig config(S3Connection bucket, String own, List<String> members) {
        return Configs.in(
                new Membership(
                        bucket.bucket(),
                        new Secret("a secret of thirty-two characters"),
                        Membership.Address.parse(own),
                        members.stream().map(Membership.Address::parse).toList()),
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(bucket)));
    }

    @AfterEach
    void stop() throws Exception {
        clients.forEach(JobClient::close);
        for (Gateway gateway : gateways) {
            close(gateway);
        }
    }

    private static void close(Gateway gateway) throws Exception {
        gateway.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** The best of some rounds is asserted: the figure is about the gateways, and other work on the machine comes and goes. */
    @Test
    void anUploadThroughOneWakesWhoWaitsAtBoth() {
        long best = Long.MAX_VALUE;
        for (int round = 1; round <= ROUNDS_MAX && best > WAKE_MILLIS_MAX; round++) {
            best = Math.min(best, lastOfARound("woken " + round));
        }
        assertTrue(best <= WAKE_MILLIS_MAX, "at best, the last woke after " + best + " ms");
    }

    private long lastOfARound(String job) {
        String id = clients.get(0).cacheId(new JsonObject().put("job", job));
        String lease = clients.get(0).ask(id, AT_ONCE).json().getString("lease");
        List<CompletableFuture<Long>> woken = IntStream.range(0, WAITERS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> wokenAt(clients.get(i % 2), id), threads))
                .toList();
        awaitStandingInLine();
        assertEquals(200, clients.get(0).upload(id, "computed", lease).status());
        long published = System.nanoTime();
        List<Long> millis = woken.stream()
                .map(at -> (at.join() - published) / 1_000_000)
                .sorted()
                .toList();
        System.out.println("Wake-up of " + WAITERS + " waiters at two gateways: median " + millis.get(WAITERS / 2)
                + " ms, last " + millis.get(WAITERS - 1) + " ms");
        return millis.get(WAITERS - 1);
    }

    @Test
    void oneGoesOnWhenTheOtherLeaves() throws Exception {
        String id = clients.get(1).cacheId(new JsonObject().put("job", "left behind"));
        String lease = clients.get(1).ask(id, AT_ONCE).json().getString("lease");
        CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> wokenAt(clients.get(1), id), threads);
        close(gateways.remove(0));
        assertEquals(200, clients.get(1).upload(id, "computed", lease).status());
        waiting.get(10, TimeUnit.SECONDS);
    }

    private static long wokenAt(JobClient client, String id) {
        Reply reply = client.ask(id, WAITING);
        assertEquals("ready", reply.state());
        return System.nanoTime();
    }

    /** All requests have been sent and answered with silence for a moment; one that came late would be answered at once. */
    private static void awaitStandingInLine() {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS))
                .join();
    }
}
