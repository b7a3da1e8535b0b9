package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** Clients that send requests without end and read nothing: every route, since none may build replies that nobody takes. */
class UnreadRepliesTest {

    private static final int REQUESTS = 24_000;
    private static final AtomicInteger MADE = new AtomicInteger();

    @TempDir
    static Path folder;

    private static final MemoryPlan MEMORY = MemoryPlan.ofHeap(48L << 20);
    private static LoopGateway gateway;
    private static JobClient other;

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(
                folder,
                LoopGateway.Setup.usual()
                        .patience(LoopGateway.SHORT)
                        .memory(MEMORY)
                        .notReady(UnreadRepliesTest::longReason));
        other = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterAll
    static void stop() {
        other.close();
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /v1",
                "HEAD /v1",
                "GET /healthz",
                "GET /readyz",
                "GET /nowhere",
                "PUT /v1",
                "OPTIONS /v1",
                "GET /v1/cache",
                "GET /v1/expire",
                "GET /v1/cache/unknown",
                "GET /v1/cache/unknown/metadata",
                "DELETE /v1/cache/unknown",
                "DELETE /v1/cache/unknown/lease",
                "POST /v1/cache/unknown",
                "POST /v1/cache/unknown/lease",
                "POST /v1/cache_id",
                "POST /v1/lease"
            })
    void areReadNoFurtherAndEndedAndHurtNobody(String call) {
        Thread first = Thread.startVirtualThread(() -> pipeline(call));
        Thread second = Thread.startVirtualThread(() -> pipeline(call));
        for (int job = 0; job < 5; job++) {
            assertEquals(128, other.cacheId(new JsonObject().put("job", job)).length());
            assertTrue(MEMORY.heads().usedBytes() < 64 * 1024, "at most one request each is under way");
        }
        Await.until("both are ended", () -> !first.isAlive() && !second.isAlive());
        Await.until("their requests are given back", () -> MEMORY.heads().usedBytes() == 0);
    }

    /** Of these replies two connections' sockets hold less than a hundred. */
    @Test
    void areNotMadeBeforeTheOneBeforeHasLeft() {
        MADE.set(0);
        Thread first = Thread.startVirtualThread(() -> pipeline("GET /readyz"));
        Thread second = Thread.startVirtualThread(() -> pipeline("GET /readyz"));
        Await.until("both are ended", () -> !first.isAlive() && !second.isAlive());
        assertTrue(MADE.get() > 0 && MADE.get() < 500, MADE + " replies were made");
    }

    private static Optional<String> longReason() {
        MADE.incrementAndGet();
        return Optional.of("x".repeat(100_000));
    }

    /** Until the connection is ended, or everything was taken. */
    private static void pipeline(String call) {
        byte[] requests = (call + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\nContent-Length: 0\r\n\r\n")
                .repeat(100)
                .getBytes(StandardCharsets.ISO_8859_1);
        try (RawConnection connection = new RawConnection(gateway.port(), 4096)) {
            for (int i = 0; i < REQUESTS / 100; i++) {
                connection.send(requests, 0, requests.length);
            }
        } catch (RuntimeException ended) {
            // by the gateway
        }
    }

    @Test
    void whoReadsGetsAllRepliesInOrder() {
        String one = " HTTP/1.1\r\nHost: x\r\n\r\n";
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(("GET /v1" + one + "GET /nowhere" + one).repeat(50) + "GET /v1 HTTP/1.1\r\nHost: x\r\n"
                    + "Connection: close\r\n\r\n");
            String[] replies = connection.rest().split("HTTP/1.1 ", -1);
            assertEquals(1 + 101, replies.length);
            for (int i = 1; i < replies.length; i++) {
                assertTrue(replies[i].startsWith(i % 2 == 1 ? "200 " : "404 "), i + ": " + replies[i]);
            }
        }
    }

    @Test
    void whoSendsTwoRequestsAndThenNothingMoreGetsBothReplies() {
        String body = "{\"a\":1}";
        String one = "POST /v1/cache_id HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String answers = connection.send(one + one).endOutput().rest();
            assertEquals(3, answers.split("HTTP/1.1 200 ", -1).length, answers);
        }
    }
}
