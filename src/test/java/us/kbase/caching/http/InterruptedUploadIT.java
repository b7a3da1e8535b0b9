package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.store.s3.UploadsOfKey;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;

/** Uploads that do not end well leave the old content whole and nothing else, on MinIO. */
class InterruptedUploadIT {

    private static final int FILE_BYTES = 6 << 20;

    /** What the gateway streams as one part. */
    private static final int PART_BYTES = 32 << 20;

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
        gateway = Await.result(Gateway.start(Configs.of(2, Map.of(JobClient.TOKEN, "alice"), Configs.store(bucket))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
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
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\n" + lengthHeader + "\r\n\r\n");
    }

    private static String length(int fileBytes) {
        return "Content-Length: " + (HEAD.length() + fileBytes + TAIL.length());
    }

    /** Looks more than once: an upload may be opened by a call that was on its way when its client left. */
    private static void noUploadStaysOpen(String id) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        long emptyLooks = 0;
        while (emptyLooks < 10 && System.nanoTime() < deadline) {
            emptyLooks = uploads.of(id).isEmpty() ? emptyLooks + 1 : 0;
            LockSupport.parkNanos(50_000_000);
        }
        assertEquals(List.of(), uploads.of(id));
    }

    private static void oldContentIsWhole(String id, String name) {
        assertEquals("old " + name, new String(client.download(id).body(), StandardCharsets.UTF_8));
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

    /** Cut at the places where something begins or ends: the body, the file, a part of it, the closing boundary. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0", "1", "HEAD - 1", "HEAD", "HEAD + 1", "PART - 1", "PART", "PART + 1", "FILE", "ALL - 1"})
    void oneCutAtAnEdgeLeavesTheOldContentAndNoUpload(String edge) {
        int fileBytes = PART_BYTES + (1 << 20);
        String id = entryWith("edge " + edge);
        RawConnection connection = begin(id, length(fileBytes));
        byte[] body = body(fileBytes);
        connection.send(body, 0, place(edge, fileBytes));
        connection.cut();
        noUploadStaysOpen(id);
        oldContentIsWhole(id, "edge " + edge);
    }

    private static int place(String edge, int fileBytes) {
        String[] words = edge.split(" ");
        int base = switch (words[0]) {
            case "HEAD" -> HEAD.length();
            case "PART" -> HEAD.length() + PART_BYTES;
            case "FILE" -> HEAD.length() + fileBytes;
            case "ALL" -> HEAD.length() + fileBytes + TAIL.length();
            default -> Integer.parseInt(words[0]);
        };
        return words.length == 1 ? base : base + Integer.parseInt(words[1] + words[2]);
    }

    private static byte[] body(int fileBytes) {
        byte[] body = new byte[HEAD.length() + fileBytes + TAIL.length()];
        System.arraycopy(HEAD.getBytes(StandardCharsets.US_ASCII), 0, body, 0, HEAD.length());
        System.arraycopy(TAIL.getBytes(StandardCharsets.US_ASCII), 0, body, HEAD.length() + fileBytes, TAIL.length());
        return body;
    }

    /** The client never hears whether it worked; one of the two stands there, whole. */
    @Test
    void oneCutBehindTheLastByteLeavesTheOldOrTheNewContentAndNoUpload() {
        String id = entryWith("last");
        byte[] body = body(FILE_BYTES);
        begin(id, length(FILE_BYTES)).send(body, 0, body.length).cut();
        noUploadStaysOpen(id);
        int length = client.download(id).body().length;
        assertTrue(length == FILE_BYTES || length == "old last".length(), length + " bytes");
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
