package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import us.kbase.caching.Gateway;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestSource;

/** A MinIO that is stopped ({@code kill -STOP}): its connections stay open and nothing comes back. */
class SilentStoreIT {

    private static final long TOLD_WITHIN_SECONDS = 30;
    private static final int FILE_BYTES = 40 << 20;
    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private static S3Servers.OwnProcess minio;
    private static Gateway gateway;
    private static JobClient client;

    @BeforeAll
    static void start() {
        Optional<S3Servers.OwnProcess> own = S3Servers.ownMinio();
        assumeTrue(own.isPresent(), "no MinIO on this machine");
        minio = own.get();
        gateway = Await.result(
                Gateway.start(Configs.of(2, Map.of(JobClient.TOKEN, "alice"), Configs.store(minio.bucket()))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            client.close();
            Await.result(gateway.close());
        }
        if (minio != null) {
            minio.signal("KILL");
        }
    }

    private record Told(String call, String answer, Duration after) {}

    private static CompletableFuture<Told> timed(String call, Supplier<String> answer) {
        long start = System.nanoTime();
        return CompletableFuture.supplyAsync(
                () -> new Told(call, answer.get(), Duration.ofNanos(System.nanoTime() - start)), THREADS);
    }

    private static String told(JobClient.Reply reply) {
        return reply.status() + (reply.headers().firstValue("Retry-After").isPresent() ? " later" : "");
    }

    private static String id(String name) {
        String id = client.cacheId(new JsonObject().put("job", name));
        assertEquals(200, client.upload(id, "old").status());
        return id;
    }

    private static RawConnection upload(String id, byte[] file, int sent) {
        return new RawConnection(gateway.port())
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                        + (HEAD.length() + file.length + TAIL.length()) + "\r\n\r\n" + HEAD)
                .send(file, 0, sent);
    }

    private static String status(RawConnection connection) {
        String head = connection.head();
        String status = head.replaceAll("(?s)^HTTP/1.1 (\\d+).*", "$1");
        return status + (head.toLowerCase(java.util.Locale.ROOT).contains("retry-after") ? " later" : "");
    }

    @Test
    void everyKindOfCallIsToldToTryLaterWithinThirtySecondsAndAllGoesOnAfterwards() {
        String id = id("small");
        String half = id("half");
        byte[] file = TestSource.bytes(3, 0, FILE_BYTES).getBytes();
        RawConnection midway = upload(half, file, FILE_BYTES / 2);
        Await.until("the store serves", () -> client.download(id).status() == 200);
        minio.signal("STOP");
        List<CompletableFuture<Told>> calls = new ArrayList<>(List.of(
                timed(
                        "cache id",
                        () -> told(client.send(client.request("/cache_id")
                                .header("Content-Type", "application/json")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"job\":\"new\"}"))))),
                timed("small upload", () -> told(client.upload(id, "new"))),
                timed("download", () -> told(client.download(id))),
                timed("delete", () -> told(client.delete(id))),
                timed(
                        "metadata",
                        () -> told(client.send(
                                client.request("/cache/" + id + "/metadata").GET()))),
                timed("list", () -> told(client.send(client.request("/cache").GET()))),
                timed("lease", () -> told(client.ask(id, new JsonObject()))),
                timed("upload midway", () -> {
                    // Whoever is refused in the middle is let finish reading; the answer counts.
                    CompletableFuture.runAsync(
                                    () -> midway.send(file, FILE_BYTES / 2, FILE_BYTES - FILE_BYTES / 2), THREADS)
                            .exceptionally(cut -> null);
                    return status(midway);
                })));
        List<Told> told = calls.stream().map(CompletableFuture::join).toList();
        minio.signal("CONT");
        System.out.println("told by a gateway whose store is silent: " + told);

        told.forEach(each -> assertEquals("503 later", each.answer(), each.toString()));
        told.forEach(each -> assertTrue(each.after().toSeconds() < TOLD_WITHIN_SECONDS, each.toString()));
        midway.close();
        Await.until("the store serves again", () -> client.download(half).status() == 200);
        assertEquals("old", new String(client.download(half).body(), java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(200, client.upload(half, file).status());
    }

    @Test
    void aPublishThatTheStoreDoesNotAnswerIsGivenUpWithinThirtySeconds() {
        String id = id("publish");
        byte[] file = TestSource.bytes(4, 0, FILE_BYTES).getBytes();
        RawConnection connection = upload(id, file, FILE_BYTES - 1);
        minio.signal("STOP");
        CompletableFuture<Told> told = timed("publish", () -> {
            connection.send(file, FILE_BYTES - 1, 1).send(TAIL);
            return status(connection);
        });
        Told publish = told.join();
        minio.signal("CONT");

        assertEquals("503 later", publish.answer());
        assertTrue(publish.after().toSeconds() < TOLD_WITHIN_SECONDS, publish.toString());
        connection.close();
        Await.until("the store serves again", () -> client.download(id).status() == 200);
    }
}
