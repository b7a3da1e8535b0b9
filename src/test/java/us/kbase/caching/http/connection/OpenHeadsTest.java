package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** Heads are limited and paid for while they come, in a heap of half the usual size. */
class OpenHeadsTest {

    private static final String BEGIN = "GET /v1 HTTP/1.1\r\nHost: x\r\n";

    @TempDir
    static Path folder;

    private static final MemoryPlan MEMORY = MemoryPlan.ofHeap(48L << 20);
    private static LoopGateway gateway;

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(folder, LoopGateway.Setup.usual().memory(MEMORY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void everythingIsGivenBack() {
        Await.until("no head is paid for", () -> MEMORY.heads().usedBytes() == 0);
        Await.until("no connection is paid for", () -> MEMORY.connections().usedBytes() == 0);
    }

    private static String answer(String request) {
        try (RawConnection connection = new RawConnection(gateway.port()).send(request)) {
            return connection.rest();
        }
    }

    private static void isRefused(int status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close\r\n"), answer);
        assertTrue(answer.contains("{\"error\":\"") && answer.endsWith("\",\"status\":\"error\"}\n"), answer);
    }

    @Test
    void headersWithoutTextAreCounted() {
        isRefused(431, answer(BEGIN + "a:\r\n".repeat(8000) + "\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"98, 200", "99, 431"})
    void aHundredHeadersAreTaken(int more, int status) {
        String answer = answer(BEGIN + "Connection: close\r\n" + "a: b\r\n".repeat(more) + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    @Test
    void headersOfMoreThan16KibAreRefused() {
        isRefused(431, answer(BEGIN + "a: " + "b".repeat(17_000) + "\r\n\r\n"));
    }

    @Test
    void aLongRequestLineIsRefused() {
        isRefused(414, answer("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    @Test
    void trailersAreCountedAlike() {
        String answer = answer("POST /v1/cache_id HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\": 1}\r\n0\r\n"
                + "a:\r\n".repeat(3000) + "\r\n");
        assertEquals(-1, answer.indexOf(" 200 "), answer);
    }

    @Test
    void unfinishedHeadsWithoutNumberArePaidForAndHurtNobody() {
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 350; i++) {
                open.add(new RawConnection(gateway.port()).send(BEGIN + "a:\r\n".repeat(4000)));
            }
            Await.until("all were refused", () -> MEMORY.heads().usedBytes() == 0);
            open.forEach(connection -> isRefused(431, connection.rest()));
        } finally {
            open.forEach(RawConnection::close);
        }
    }

    @Test
    void headsBeyondTheMemoryForThemGiveWayToOneThatComesWhole() {
        List<RawConnection> open = new ArrayList<>();
        String head = BEGIN + ("a: " + "b".repeat(150) + "\r\n").repeat(95);
        try {
            for (int i = 0; i < 400; i++) {
                open.add(new RawConnection(gateway.port()).send(head));
            }
            Await.until("one is refused", () -> MEMORY.heads().refused() > 0);
            assertTrue(MEMORY.heads().usedBytes() <= MEMORY.heads().limitBytes());
            try (JobClient other = new JobClient(gateway.port(), JobClient.TOKEN)) {
                assertEquals(128, other.cacheId(new JsonObject().put("a", 1)).length());
            }
        } finally {
            open.forEach(RawConnection::close);
        }
    }
}
