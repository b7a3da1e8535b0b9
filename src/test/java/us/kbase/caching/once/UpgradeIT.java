package us.kbase.caching.once;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.Stores;

/**
 * Gateways of this version and of an earlier one on one bucket: what an upgrade, one gateway after the other, and the way back come to.
 * {@code mvn verify -Dit.test=UpgradeIT -Dbefore.home=FOLDER} names a checkout of the earlier version, packaged by Maven;
 * {@code -Donce.seconds=600} makes it longer.
 */
class UpgradeIT {

    private static final String TOKEN = "token-of-alice";
    private static final String ADMIN = "token-of-the-administrator";
    private static final int[] LENGTHS = {0, 1, 60_000, 300_000, 9_000_000, 70_000_000};
    private static final long GRACE_MILLIS = (OnceWorkers.TTL_SECONDS + 5) * 1000L;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final List<JobClient> clients = new ArrayList<>();
    private Program earlier;
    private S3Servers.Server server;

    /** A gateway of one version. */
    private record Version(JobClient user, JobClient admin) {}

    @BeforeEach
    void find() {
        String home = System.getProperty("before.home");
        assumeTrue(home != null, "-Dbefore.home names no checkout of an earlier version");
        earlier = Program.of(Path.of(home).toAbsolutePath());
        assertTrue(earlier.isThere(), "package it first: mvn -Dmaven.test.skip=true package in " + home);
        Optional<S3Servers.Server> found = S3Servers.minio();
        assumeTrue(found.isPresent(), "no MinIO on this machine");
        server = found.get();
    }

    @AfterEach
    void stop() throws InterruptedException {
        clients.forEach(JobClient::close);
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Version serve(Program program, S3Connection bucket) throws IOException {
        int port = S3Servers.freePort();
        Path config = folder.resolve("gateway-" + port + ".yaml");
        Files.writeString(
                config, "auth:\n  tokens:\n    " + TOKEN + ": alice\n    " + ADMIN + ": root\n  admin-users: root\n");
        Map<String, String> environment = Map.of(
                "CACHING_HTTP_PORT", Integer.toString(port),
                "CACHING_STORE_TYPE", "s3",
                "CACHING_STORE_S3_ENDPOINT", bucket.endpoint().toString(),
                "CACHING_STORE_S3_BUCKET", bucket.bucket(),
                "CACHING_STORE_S3_ACCESS_KEY", bucket.accessKey(),
                "CACHING_STORE_S3_SECRET_KEY", bucket.secretKey().reveal());
        List<String> main = List.of("us.kbase.caching.cli.Main", "serve", "-c", config.toString());
        processes.add(program.start(folder.resolve(port + ".log"), environment, List.of(), main));
        Await.until("a gateway on port " + port, 60, () -> ServiceProcess.answers(port, "/readyz"));
        Version version = new Version(new JobClient(port, TOKEN), new JobClient(port, ADMIN));
        clients.addAll(List.of(version.user(), version.admin()));
        return version;
    }

    private static JsonObject job(String name) {
        return new JsonObject().put("job", name);
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatOneVersionWroteTheOtherServesReplacesAndDeletes() throws IOException {
        S3Connection bucket = server.bucket();
        Version now = serve(Program.THIS, bucket);
        Version then = serve(earlier, bucket);
        for (Version writes : List.of(now, then)) {
            Version reads = writes == now ? then : now;
            for (int length : LENGTHS) {
                String id = writes.user().cacheId(job((writes == now) + " " + length));
                assertEquals(id, reads.user().cacheId(job((writes == now) + " " + length)));
                assertEquals(200, writes.user().upload(id, content(length)).status());
                assertArrayEquals(content(length), reads.user().download(id).body());
                assertEquals(200, reads.user().upload(id, "replaced").status());
                assertEquals("replaced", new String(writes.user().download(id).body(), StandardCharsets.UTF_8));
                assertEquals(200, reads.user().delete(id).status());
                assertEquals(404, writes.user().download(id).status());
            }
        }
    }

    @Test
    void aLeaseOfOneVersionIsHeldWaitedForAndLostAtTheOther() throws IOException {
        S3Connection bucket = server.bucket();
        Version now = serve(Program.THIS, bucket);
        Version then = serve(earlier, bucket);
        for (Version holds : List.of(now, then)) {
            Version waits = holds == now ? then : now;
            JsonObject ask = new JsonObject().put("wait_seconds", 0).put("ttl_seconds", 30);
            String id = holds.user().cacheId(job("lease " + (holds == now)));
            JobClient.Reply leased = holds.user().ask(id, ask);
            assertEquals("leased", leased.state());
            String lease = leased.json().getString("lease");
            assertEquals("pending", waits.user().ask(id, ask).state());
            assertEquals(200, waits.user().renew(id, lease).status());
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() ->
                    waits.user().ask(id, ask.copy().put("wait_seconds", 20)).state());
            assertEquals(
                    409,
                    waits.user().upload(id, "not the holder's", lease + "x").status());
            assertEquals(200, waits.user().upload(id, "the holder's", lease).status());
            assertEquals(
                    "ready",
                    waiting.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join());
            assertEquals("the holder's", new String(holds.user().download(id).body(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void bothVersionsSweepAtOnceAndRemoveNothingButWhatExpired() throws IOException {
        S3Connection bucket = server.bucket();
        Version now = serve(Program.THIS, bucket);
        Version then = serve(earlier, bucket);
        plant(bucket, "expired", Instant.now().minus(Duration.ofDays(400)), 60);
        plant(bucket, "living", Instant.now().plus(Duration.ofDays(20)), 60);
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Version writes = i % 2 == 0 ? now : then;
            String id = writes.user().cacheId(job("fresh " + i));
            assertEquals(200, writes.user().upload(id, "fresh").status());
            fresh.add(id);
        }
        List.of(now, then).forEach(version -> {
            JobClient admin = version.admin();
            assertTrue(admin.send(admin.request("/expire?force=true").POST(BodyPublishers.noBody()))
                            .status()
                    < 300);
        });
        for (Version version : List.of(now, then)) {
            JobClient admin = version.admin();
            Await.until(
                    "the end of the sweep",
                    120,
                    () -> !admin.send(admin.request("/expire").GET()).json().getBoolean("running", false));
        }
        for (Version version : List.of(now, then)) {
            fresh.forEach(id -> assertEquals(200, version.user().download(id).status()));
        }
        assertEquals(
                60,
                keys(bucket).stream().filter(key -> key.startsWith("living")).count());
        assertEquals(
                0,
                keys(bucket).stream().filter(key -> key.startsWith("expired")).count());
    }

    private interface OnStore<T> {
        T with(Loop loop, ObjectStore store);
    }

    private static <T> T onStore(S3Connection bucket, OnStore<T> work) {
        Vertx vertx = Vertx.vertx();
        try {
            Loop loop = new Loop(vertx);
            ObjectStore store = loop.call(() -> io.vertx.core.Future.succeededFuture(Stores.s3(vertx, bucket)));
            return work.with(loop, store);
        } finally {
            Loop.await(vertx.close());
        }
    }

    /** Results of another user, as the original wrote them. */
    private static void plant(S3Connection bucket, String name, Instant expires, int count) {
        Object unused = onStore(bucket, (loop, store) -> {
            for (int i = 0; i < count; i++) {
                String key = name + i;
                Buffer bytes = Buffer.buffer("bytes of " + key);
                Map<String, String> metadata = Map.of(
                        "expiration", Long.toString(expires.getEpochSecond()), "filename", "f", "token_id", "url:user");
                loop.call(() -> store.put(
                        key,
                        new Body(ByteSource.of(bytes), bytes.length()),
                        metadata,
                        Guard.once(new Precondition.Absent())));
            }
            return count;
        });
    }

    private static List<String> keys(S3Connection bucket) {
        return onStore(
                bucket, (loop, store) -> loop.call(() -> store.list("", 1000)).keys());
    }

    @Test
    void everyResultIsPublishedOnceWhileGatewaysAreUpgradedAndRolledBack() throws Exception {
        OnceRun.Plan plan = new OnceRun.Plan(
                Integer.getInteger("once.seconds", 60), 80, 20, "fenced", Long.getLong("once.seed", System.nanoTime()));
        OnceRun.History run = OnceRun.mixed(plan, folder, server, List.of(Program.THIS, earlier));
        System.out.println("Mixed: " + plan + " "
                + run.events().stream()
                        .collect(Collectors.groupingBy(Event::kind, java.util.TreeMap::new, Collectors.counting())));
        assertTrue(
                run.events().stream().anyMatch(event -> event.kind() == Event.Kind.PUBLISHED), "nothing was published");
        assertEquals(List.of(), HistoryCheck.violations(run, GRACE_MILLIS));
    }
}
