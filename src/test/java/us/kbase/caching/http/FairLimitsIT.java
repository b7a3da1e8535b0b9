package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;

/**
 * A user who begins 500 transfers at once has as many as the limit says, and another user is served as before.
 * {@code -Djudge.times=true} also judges by time, on a machine that does nothing else.
 */
class FairLimitsIT {

    private static final int TRANSFERS = 8;
    private static final int ATTEMPTS = 500;
    private static final int CALLS = 2_000;

    /** Of a call that takes less, a late timer of the machine is more than the gateway's part. */
    private static final double FLOOR_MILLIS = 2;

    @TempDir
    Path folder;

    private GatewayConfig limited() {
        GatewayConfig config =
                Configs.of(2, Map.of("alices", "alice", "bobs", "bob"), new GatewayConfig.Store.Disk(folder, false));
        GatewayConfig.Limits limits = config.limits();
        return new GatewayConfig(
                config.http(),
                config.auth(),
                config.store(),
                new GatewayConfig.Limits(
                        limits.uploadBytesMax(),
                        limits.s3Connections(),
                        limits.retentionBytes(),
                        limits.collectBytes(),
                        limits.waitMax(),
                        new UserLimits.Settings(TRANSFERS, 0)),
                config.expiry(),
                config.cluster(),
                config.metrics());
    }

    /** An upload that says how long it is and stops in the middle. */
    private static RawConnection begin(int port, String id) {
        return new RawConnection(port)
                .send("PUT /v1/cache/" + id
                        + " HTTP/1.1\r\nHost: x\r\nAuthorization: alices\r\nContent-Length: 8\r\n\r\nhalf");
    }

    private static double p99(JobClient client, String id) {
        double[] millis = new double[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            assertEquals(200, client.download(id).status());
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(millis);
        return millis[CALLS * 99 / 100];
    }

    @Test
    void fiveHundredTransfersOfOneUserGetEightThroughAndAnotherUserIsServedAsBefore() throws Exception {
        Gateway gateway = Await.result(Gateway.start(limited()));
        List<RawConnection> begun = new ArrayList<>();
        try (JobClient alice = new JobClient(gateway.port(), "alices");
                JobClient bob = new JobClient(gateway.port(), "bobs");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            String bobs = bob.cacheId(new JsonObject().put("job", "bob's"));
            assertEquals(200, bob.upload(bobs, "of bob").status());
            double unused = p99(bob, bobs); // warms up
            double before = p99(bob, bobs);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < ATTEMPTS; i++) {
                ids.add(alice.cacheId(new JsonObject().put("job", i)));
            }
            Future<Double> beside = clients.submit(() -> p99(bob, bobs));
            ids.forEach(id -> begun.add(begin(gateway.port(), id)));
            List<Callable<String>> heads = new ArrayList<>();
            begun.forEach(upload -> heads.add(upload::head));
            List<Future<String>> replies = new ArrayList<>();
            heads.forEach(head -> replies.add(clients.submit(head)));
            Await.until(
                    "the refusals",
                    () -> replies.stream().filter(Future::isDone).count() == ATTEMPTS - TRANSFERS);
            double during = beside.get();
            for (int i = 0; i < ATTEMPTS; i++) {
                if (!replies.get(i).isDone()) {
                    begun.get(i).send("half");
                }
            }
            List<String> statuses = new ArrayList<>();
            for (Future<String> reply : replies) {
                statuses.add(reply.get().substring(9, 12));
            }
            assertEquals(TRANSFERS, statuses.stream().filter("200"::equals).count());
            assertEquals(
                    ATTEMPTS - TRANSFERS,
                    statuses.stream().filter("429"::equals).count());
            System.out.printf("p99 of another user: %.2f ms before, %.2f ms beside 500 transfers%n", before, during);
            assertTrue(
                    !Boolean.getBoolean("judge.times") || during <= 2 * Math.max(before, FLOOR_MILLIS),
                    before + " ms became " + during + " ms");
        } finally {
            begun.forEach(RawConnection::close);
            Await.result(gateway.close());
        }
    }
}
