package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import us.kbase.caching.Gateway;
import us.kbase.caching.store.s3.S3Connection;
import us.kbase.caching.store.s3.UploadsOfKey;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;

/** Uploads that do not end well leave the old content whole and nothing else, on MinIO. */
class InterruptedUploadIT {

    private static final int FILE_BYTES = 6 << 20;
    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";

    private static Vertx vertx;
    private static Gateway gateway;
    private static JobClient client;
    private static UploadsOfKey uploads;

    @BeforeAll
    static void start() {
        Optional<S3Servers.Server> minio = S3Servers.minio();
        assumeTrue(minio.isPresent(), "no MinIO on this machine");
        S3Connection bucket = minio.get().bucket();
        gateway = Await.result(Gateway.start(Configs.of(2, Map.of("token", "alice"), Configs.store(bucket))));
        client = new JobClient(gateway.port(), "token");
        vertx = Vertx.vertx();
        uploads = new UploadsOfKey(vertx, bucket);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            client.close();
            Await.result(gateway.close());
            Await.result(vertx.close());
        }
    }

    private static String entryWith(String name) {
        String id = client.cacheId(new JsonObject().put("job", name));
        assertEquals(200, client.upload(id, "old " + name).status());
        return id;
    }

    private static RawConnection begin(String id, String lengthHeader) {
        return new RawConnection(gateway.port())
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: token\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\n" + lengthHeader + "\r\n\r\n");
    }

    private static String length(int fileBytes) {
        return "Content-Length: " + (HEAD.length() + fileBytes + TAIL.length());
    }

    private static void noUploadStaysOpen(String id) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!uploads.of(id).isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(50_000_000);
        }
        assertEquals(List.of(), uploads.of(id));
    }

    private static void oldContentIsWhole(String id, String name) {
        assertEquals("old " + name, new String(client.download(id).body(), java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void twentyCutAtRandomBytesLeaveTheOldContentAndNoUpload() {
        Random random = new Random(20);
        byte[] file = new byte[FILE_BYTES];
        random.nextBytes(file);
        for (int i = 0; i < 20; i++) {
            String id = entryWith("cut " + i);
            int sent = random.nextInt(FILE_BYTES);
            RawConnection connection = begin(id, i % 2 == 0 ? length(FILE_BYTES) : "Transfer-Encoding: chunked");
            if (i % 2 == 0) {
                connection.send(HEAD).send(file, 0, sent);
            } else {
                connection.send(Integer.toHexString(HEAD.length()) + "\r\n" + HEAD + "\r\n");
                connection.send(Integer.toHexString(FILE_BYTES) + "\r\n").send(file, 0, sent);
            }
            connection.cut();
            noUploadStaysOpen(id);
            oldContentIsWhole(id, "cut " + i);
        }
    }

    @Test
    void aFormThatEndsBeforeItsBoundaryIsRefusedAndLeavesTheOldContent() {
        String id = entryWith("truncated");
        byte[] file = new byte[FILE_BYTES];
        try (RawConnection connection = begin(id, "Content-Length: " + (HEAD.length() + FILE_BYTES))) {
            connection.send(HEAD).send(file, 0, FILE_BYTES);
            assertEquals(
                    "HTTP/1.1 400 Bad Request",
                    connection.head().lines().findFirst().orElse(""));
        }
        noUploadStaysOpen(id);
        oldContentIsWhole(id, "truncated");
    }

    @Test
    void anUploadWhoseEntryIsDeletedMeanwhileIsNotFoundAndLeavesNoUpload() {
        String id = entryWith("deleted");
        byte[] file = new byte[FILE_BYTES];
        try (RawConnection connection = begin(id, length(FILE_BYTES))) {
            connection.send(HEAD).send(file, 0, FILE_BYTES / 2);
            assertEquals(200, client.delete(id).status());
            connection.send(file, FILE_BYTES / 2, FILE_BYTES - FILE_BYTES / 2).send(TAIL);
            assertEquals(
                    "HTTP/1.1 404 Not Found",
                    connection.head().lines().findFirst().orElse(""));
        }
        noUploadStaysOpen(id);
        assertEquals(404, client.download(id).status());
    }

    @Test
    void anUploadThatWasLeftOnPurposeIsFound() {
        String id = entryWith("left");
        assertEquals(List.of(uploads.leaveOne(id)), uploads.of(id));
    }
}
