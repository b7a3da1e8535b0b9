package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.store.s3.UploadsOfKey;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TestSource;

/** Uploads that must be collected and come slowly hold what they sent and no more; on MinIO. */
class SlowSendersIT {

    private static final long ROOM_FOR_ONE_PART = 12L << 20;
    private static final long ROOM_FOR_TWO_PARTS = 20L << 20;
    private static final int PART_BYTES = 8 << 20;
    private static final int FILE_BYTES = 20 << 20;
    private static final int PIECE_BYTES = 64 << 10;
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String NOTE =
            "\r\n--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nbehind the file";
    private static final String TAIL = "\r\n--b--\r\n";
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private final List<RawConnection> connections = new ArrayList<>();
    private Vertx vertx;
    private Gateway gateway;
    private JobClient client;
    private UploadsOfKey uploads;

    /** Who sends now. */
    private String token = JobClient.TOKEN;

    private void start(long collectBytes) {
        Optional<S3Servers.Server> minio = S3Servers.minio();
        assumeTrue(minio.isPresent(), "no MinIO on this machine");
        S3Connection bucket = minio.get().bucket();
        GatewayConfig usual = Configs.of(2, Map.of(JobClient.TOKEN, "alice", "other", "bob"), Configs.store(bucket));
        gateway = Await.result(Gateway.start(new GatewayConfig(
                usual.http(),
                usual.auth(),
                usual.store(),
                new GatewayConfig.Limits(
                        1L << 30, 48, 32L << 20, collectBytes, Duration.ofSeconds(3), UserLimits.Settings.NONE),
                usual.expiry(),
                Optional.empty(),
                Optional.empty())));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
        vertx = Vertx.vertx();
        uploads = new UploadsOfKey(vertx, bucket);
    }

    @AfterEach
    void stop() {
        connections.forEach(RawConnection::close);
        if (gateway != null) {
            client.close();
            Await.result(gateway.close());
            Await.result(vertx.close());
        }
    }

    private String id(String name) {
        try (JobClient own = new JobClient(gateway.port(), token)) {
            return own.cacheId(new JsonObject().put("job", name));
        }
    }

    private RawConnection begin(String id, String lengthHeader) {
        RawConnection connection = new RawConnection(gateway.port())
                .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + token + "\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\n" + lengthHeader + "\r\n\r\n");
        connections.add(connection);
        return connection;
    }

    private static void chunk(RawConnection connection, byte[] bytes, int from, int length) {
        connection
                .send(Integer.toHexString(length) + "\r\n")
                .send(bytes, from, length)
                .send("\r\n");
    }

    private static void chunk(RawConnection connection, String text) {
        chunk(connection, text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
    }

    private static void chunks(RawConnection connection, byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += PIECE_BYTES) {
            chunk(connection, bytes, at, Math.min(PIECE_BYTES, to - at));
        }
    }

    private static String end(RawConnection connection) {
        chunk(connection, TAIL);
        return status(connection.send("0\r\n\r\n"));
    }

    private static String status(RawConnection connection) {
        return connection.head().replaceAll("(?s)^HTTP/1.1 (\\d+).*", "$1");
    }

    /** A sender without a length that sent so much and then goes on too slowly to be waited for. */
    private RawConnection slow(String id, byte[] file, int sent) {
        RawConnection connection = begin(id, CHUNKED);
        chunk(connection, HEAD);
        chunks(connection, file, 0, sent);
        Await.until("the upload has begun", () -> !uploads.of(id).isEmpty());
        return connection;
    }

    private String upload(String id, byte[] file) {
        RawConnection connection = begin(id, CHUNKED);
        chunk(connection, HEAD);
        chunks(connection, file, 0, file.length);
        return end(connection);
    }

    @Test
    void slowSendersWhosePartsWouldFillTheBudgetLeaveRoomForAFastOne() {
        start(ROOM_FOR_ONE_PART);
        byte[] small = TestSource.bytes(1, 0, 100_000).getBytes();
        List<RawConnection> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(slow(id("slow " + i), small, small.length));
        }
        byte[] file = TestSource.bytes(2, 0, FILE_BYTES).getBytes();
        String fast = id("fast");

        assertEquals("200", upload(fast, file));
        assertArrayEquals(file, client.download(fast).body());
        slow.forEach(connection -> assertEquals("200", end(connection)));
        assertArrayEquals(small, client.download(id("slow 19")).body());
    }

    @Test
    void slowSendersWhoHoldPartsTogetherAllEnd() {
        start(ROOM_FOR_ONE_PART);
        byte[] file = TestSource.bytes(3, 0, PART_BYTES + PIECE_BYTES).getBytes();
        List<CompletableFuture<String>> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String id = id("together " + i);
            RawConnection connection = slow(id, file, 10 * PIECE_BYTES);
            sent.add(CompletableFuture.supplyAsync(
                    () -> {
                        chunks(connection, file, 10 * PIECE_BYTES, file.length);
                        return end(connection);
                    },
                    THREADS));
        }
        sent.forEach(status -> assertEquals("200", status.join()));
        for (int i = 0; i < 6; i++) {
            assertArrayEquals(file, client.download(id("together " + i)).body());
        }
    }

    @Test
    void slowSendersOfKnownLengthLeaveRoomForAFormThatMustBeCollected() {
        start(ROOM_FOR_TWO_PARTS);
        int bytes = 5 << 20;
        String length = "Content-Length: " + (HEAD.length() + bytes + NOTE.length() + TAIL.length());
        byte[] file = TestSource.bytes(4, 0, bytes).getBytes();
        for (int i = 0; i < 20; i++) {
            begin(id("known " + i), length).send(HEAD).send(file, 0, 100_000);
        }
        Await.until("all were read", () -> client.download(id("other")).status() == 404);
        String id = id("noted");
        RawConnection noted =
                begin(id, length).send(HEAD).send(file, 0, bytes).send(NOTE).send(TAIL);

        assertEquals("200", status(noted));
        assertArrayEquals(file, client.download(id).body());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSenderThatLeavesWhileItWaitsForRoomGivesBackWhatItHeld(boolean reset) {
        start(ROOM_FOR_ONE_PART);
        byte[] file = TestSource.bytes(5, 0, FILE_BYTES).getBytes();
        int needed = 4 * PIECE_BYTES;
        slow(id("nearly a part"), file, PART_BYTES - needed);
        token = "other"; // of one user, the sender that is nearer to its end would go first
        String waiting = id("waits");
        int room = (int) ROOM_FOR_ONE_PART - PART_BYTES;
        RawConnection leaver = slow(waiting, file, room + 1);
        byte[] other = TestSource.bytes(6, 0, 100_000).getBytes();
        Await.until("all room is taken", () -> upload(id("other"), other).equals("503"));
        if (reset) {
            leaver.cut();
        } else {
            leaver.close();
        }

        Await.until("the waiting upload is given up", () -> uploads.of(waiting).isEmpty());
        assertEquals("200", upload(id("after"), TestSource.bytes(7, 0, 3 << 20).getBytes()));
    }
}
