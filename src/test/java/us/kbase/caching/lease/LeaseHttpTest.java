package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.JobClient.Reply;

/** Leases over HTTP; one subclass per store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LeaseHttpTest {

    private static final JsonObject AT_ONCE = new JsonObject().put("wait_seconds", 0);
    private static final JsonObject WAITING = new JsonObject().put("wait_seconds", 30);
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private Gateway gateway;
    private JobClient client;
    private JobClient stranger;
    private String id;

    abstract GatewayConfig.Store store(Path folder);

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        GatewayConfig.Store store = store(folder);
        GatewayConfig config = Configs.of(2, Map.of("t1", "alice", "t2", "bob"), store);
        gateway =
                Gateway.start(config).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        client = new JobClient(gateway.port(), "t1");
        stranger = new JobClient(gateway.port(), "t2");
    }

    @AfterAll
    void stop() throws Exception {
        if (gateway == null) {
            return; // there is no such store on this machine
        }
        client.close();
        stranger.close();
        gateway.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @BeforeEach
    void newId() {
        id = client.cacheId(params());
    }

    private static JsonObject params() {
        return new JsonObject().put("job", UUID.randomUUID().toString());
    }

    @Test
    void theFirstGetsTheLeaseAndTheNextHearsWhoHoldsIt() {
        Reply first = client.ask(id, AT_ONCE.copy().put("holder", "worker one"));
        assertEquals(201, first.status());
        assertEquals("leased", first.state());
        assertEquals("ok", first.json().getString("status"));
        assertTrue(first.json().getLong("fencing") > 0);
        Reply second = client.ask(id, AT_ONCE);
        assertEquals(202, second.status());
        assertEquals("pending", second.state());
        assertEquals("worker one", second.json().getString("holder"));
        long left = Long.parseLong(second.json().getString("expires"))
                - Instant.now().getEpochSecond();
        assertTrue(left > 50 && left <= 61, "expires in " + left);
    }

    @Test
    void pendingSaysWhenToAskAgain() throws Exception {
        client.ask(id, AT_ONCE);
        var response = java.net.http.HttpClient.newHttpClient()
                .send(
                        client.request("/cache/" + id + "/lease")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(AT_ONCE.encode()))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.discarding());
        assertTrue(response.headers().firstValue("Retry-After").isPresent());
    }

    @Test
    void byParametersTheIdIsTheOneThatCacheIdGives() {
        JsonObject params = params();
        Reply leased = client.askByParameters(AT_ONCE.copy().put("params", params));
        assertEquals(201, leased.status());
        assertEquals(client.cacheId(params), leased.json().getString("cache_id"));
    }

    @Test
    void cacheIdAnswersOnALeasedIdAsEver() {
        JsonObject params = params();
        client.askByParameters(AT_ONCE.copy().put("params", params));
        client.cacheId(params);
        assertEquals(202, client.ask(client.cacheId(params), AT_ONCE).status());
    }

    @Test
    void anEmptyBodyMeansTheDefaults() {
        assertEquals(201, client.ask(id, new JsonObject()).status());
        Reply reply = client.send(client.request("/cache/" + client.cacheId(params()) + "/lease")
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
        assertEquals(201, reply.status());
    }

    @Test
    void whoWouldNotComputeNeverGetsTheLease() {
        assertEquals(202, client.ask(id, AT_ONCE.copy().put("compute", false)).status());
        assertEquals(201, client.ask(id, AT_ONCE).status());
    }

    @Test
    void refusalsAreNamed() {
        assertEquals(404, client.ask("0".repeat(128), AT_ONCE).status());
        assertEquals(404, client.ask("no.id", AT_ONCE).status());
        assertEquals(403, stranger.ask(id, AT_ONCE).status());
        assertEquals(400, client.ask(id, new JsonObject().put("ttl_seconds", 0)).status());
        assertEquals(
                400, client.ask(id, new JsonObject().put("ttl_seconds", "x")).status());
        assertEquals(
                400, client.ask(id, new JsonObject().put("wait_seconds", -1)).status());
        assertEquals(400, client.askByParameters(AT_ONCE).status());
        assertEquals(409, client.renew(id, "stolen").status());
        assertEquals(409, client.release(id, "stolen").status());
        assertEquals(
                400,
                client.send(client.request("/cache/" + id + "/lease").DELETE()).status());
        assertEquals(400, new JobClient(gateway.port(), "").ask(id, AT_ONCE).status());
    }

    @Test
    void aFileIsReadyForEverybodyWhoMayReadIt() {
        client.upload(id, "bytes");
        Reply ready = client.ask(id, AT_ONCE);
        assertEquals(200, ready.status());
        assertEquals("ready", ready.state());
        JsonObject metadata = ready.json().getJsonObject("metadata");
        assertEquals("result.txt", metadata.getString("filename"));
        assertEquals(3, metadata.size());
        assertEquals(403, stranger.ask(id, AT_ONCE).status());
    }

    @Test
    void anUploadUnderTheLeaseIsPublishedEvenAfterARenewal() {
        String lease = lease();
        assertEquals(200, client.renew(id, lease).status());
        assertEquals(200, client.upload(id, "computed", lease).status());
        assertEquals("computed", text(client.download(id)));
    }

    @Test
    void anUploadAndAReleaseWhoseRepliesWereLostMayBeRepeated() {
        String lease = lease();
        assertEquals(200, client.upload(id, "computed", lease).status());
        assertEquals(200, client.upload(id, "computed", lease).status());
        assertEquals(200, client.release(id, lease).status());
        assertEquals(409, client.renew(id, lease).status());
        assertEquals(200, client.upload(id, "by hand").status());
        assertEquals(409, client.upload(id, "computed", lease).status());
    }

    @Test
    void anUploadUnderALostLeaseChangesNothing() {
        String first = lease();
        client.release(id, first);
        String second = lease();
        assertEquals(409, client.upload(id, "too late", first).status());
        assertEquals(404, client.download(id).status());
        assertEquals(200, client.upload(id, "in time", second).status());
        assertEquals(409, client.upload(id, "too late", first).status());
        assertEquals("in time", text(client.download(id)));
    }

    @Test
    void anUploadWithoutTheHeaderEndsTheLease() {
        String lease = lease();
        assertEquals(200, client.upload(id, "v1").status());
        assertEquals(409, client.renew(id, lease).status());
        assertEquals(409, client.upload(id, "computed", lease).status());
        assertEquals("v1", text(client.download(id)));
    }

    @Test
    void aDeletionEndsTheLease() {
        String lease = lease();
        assertEquals(200, client.delete(id).status());
        assertEquals(409, client.renew(id, lease).status());
        assertEquals(409, client.upload(id, "computed", lease).status());
        assertEquals(404, client.ask(id, AT_ONCE).status());
    }

    @Test
    void numbersGrowAcrossReleaseAndDeletion() {
        JsonObject byParameters = AT_ONCE.copy().put("params", params());
        List<Long> numbers = new ArrayList<>();
        Reply first = client.askByParameters(byParameters);
        numbers.add(first.json().getLong("fencing"));
        client.release(first.json().getString("cache_id"), first.json().getString("lease"));
        numbers.add(client.askByParameters(byParameters).json().getLong("fencing"));
        client.delete(first.json().getString("cache_id"));
        numbers.add(client.askByParameters(byParameters).json().getLong("fencing"));
        assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
    }

    @Test
    void anOverdueLeaseGoesToWhoWaits() {
        String dead =
                client.ask(id, AT_ONCE.copy().put("ttl_seconds", 1)).json().getString("lease");
        long began = System.nanoTime();
        Reply next = client.ask(id, WAITING);
        assertEquals(201, next.status());
        // The lifetime, and five seconds: what the service promises.
        assertTrue(millisSince(began) < 6000, "waited " + millisSince(began));
        assertEquals(409, client.upload(id, "from the dead", dead).status());
    }

    @Test
    void aReleaseWakesTheNext() {
        String lease = lease();
        CompletableFuture<Reply> waiting = later(() -> client.ask(id, WAITING));
        awaitWaiting(waiting);
        client.release(id, lease);
        assertEquals(201, waiting.join().status());
    }

    @Test
    void aPublishedFileWakesAllWhoWait() {
        String lease = lease();
        List<CompletableFuture<Reply>> waiting = IntStream.range(0, 50)
                .mapToObj(i -> later(() -> client.ask(id, WAITING)))
                .toList();
        waiting.forEach(LeaseHttpTest::awaitWaiting);
        client.upload(id, "computed", lease);
        waiting.forEach(reply -> assertEquals("ready", reply.join().state()));
    }

    @Test
    void aWaitEndsWithTheClientAndTheLeaseGoesToOneWhoIsThere() throws Exception {
        String lease = lease();
        JobClient impatient = new JobClient(gateway.port(), "t1");
        CompletableFuture<Reply> left = later(() -> impatient.ask(id, WAITING));
        awaitWaiting(left);
        impatient.close();
        left.exceptionally(gone -> null).get(5, TimeUnit.SECONDS);
        CompletableFuture<Reply> stays = later(() -> client.ask(id, WAITING));
        awaitWaiting(stays);
        client.release(id, lease);
        assertEquals(201, stays.get(5, TimeUnit.SECONDS).status());
    }

    @Test
    void twoHundredWorkersComputeEachResultOnce() {
        int ids = 5;
        AtomicInteger computed = new AtomicInteger();
        List<JsonObject> jobs = IntStream.range(0, ids).mapToObj(i -> params()).toList();
        List<CompletableFuture<String>> workers = IntStream.range(0, 200)
                .mapToObj(i -> later(() -> work(jobs.get(i % ids), computed)))
                .toList();
        workers.forEach(result -> assertTrue(result.join().startsWith("result of")));
        assertEquals(ids, computed.get());
    }

    private String work(JsonObject params, AtomicInteger computed) {
        Reply reply = client.askByParameters(WAITING.copy().put("params", params));
        String cacheId = reply.json().getString("cache_id");
        if (reply.state().equals("leased")) {
            computed.incrementAndGet();
            String lease = reply.json().getString("lease");
            assertEquals(
                    200, client.upload(cacheId, "result of " + params, lease).status());
        }
        assertEquals("result of " + params, text(client.download(cacheId)));
        return text(client.download(cacheId));
    }

    private String lease() {
        return client.ask(id, AT_ONCE).json().getString("lease");
    }

    private <T> CompletableFuture<T> later(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, threads);
    }

    /** A request that is not answered within a moment is waiting: its place in line is what the test is about. */
    private static void awaitWaiting(CompletableFuture<Reply> request) {
        try {
            request.get(150, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException waiting) {
            return;
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError(
                "answered instead of waiting: " + request.join().state());
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
