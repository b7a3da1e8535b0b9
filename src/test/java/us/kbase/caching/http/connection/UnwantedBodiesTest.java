package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** Bodies that no route asked for, expectations, and heads that nothing here knows. */
class UnwantedBodiesTest {

    private static final String NEXT = "GET /v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    static Path folder;

    private static final MemoryPlan MEMORY = MemoryPlan.ofHeap(48L << 20);
    private static LoopGateway gateway;

    @BeforeAll
    static void start() {
        gateway = LoopGateway.on(
                folder, LoopGateway.Setup.usual().patience(LoopGateway.SHORT).memory(MEMORY));
    }

    @AfterAll
    static void stop() {
        Await.until("no head is paid for", () -> MEMORY.heads().usedBytes() == 0);
        gateway.close();
    }

    private static String head(String call, String more) {
        return call + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n" + more + "\r\n\r\n";
    }

    private static boolean closes(String answer) {
        return answer.toLowerCase(Locale.ROOT).contains("connection: close\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1, 200",
        "GET /nowhere, 404",
        "PUT /v1, 405",
        "DELETE /v1/cache/unknown, 404",
        "GET /v1/cache, 200",
        "GET /healthz, 200"
    })
    void aLongOneIsNotTakenAndTheAnswerIsRead(String call, int status) {
        for (String length : new String[] {"Content-Length: 1000000000", "Transfer-Encoding: chunked"}) {
            try (RawConnection connection = new RawConnection(gateway.port()).send(head(call, length))) {
                String answer = connection.head();
                assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
                assertTrue(closes(answer), answer);
                assertTrue(takenBytes(connection) < 8 << 20, "more than the sockets hold was taken");
            }
        }
    }

    private static long takenBytes(RawConnection connection) {
        byte[] some = new byte[64 << 10];
        long taken = 0;
        try {
            while (taken < 64 << 20) {
                connection.send(some, 0, some.length);
                taken += some.length;
            }
        } catch (RuntimeException ended) {
            return taken;
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3000, 64 * 1024})
    void aShortOneIsDroppedAndTheConnectionGoesOn(int length) {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head("GET /nowhere", "Content-Length: " + length) + "x".repeat(length) + NEXT);
            String answers = connection.rest();
            assertTrue(answers.startsWith("HTTP/1.1 404 "), answers);
            assertTrue(answers.contains("HTTP/1.1 200 "), answers);
        }
    }

    @Test
    void aShortOneThatDoesNotComeEndsTheConnection() {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head("GET /nowhere", "Content-Length: 100"));
            assertTrue(connection.rest().startsWith("HTTP/1.1 404 "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1", "GET /nowhere", "PUT /v1", "DELETE /v1/cache/x", "POST /v1/cache/x"})
    void whoWaitsToBeToldGetsTheFinalAnswerAlone(String call) {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head(call, "Expect: 100-continue\r\nContent-Length: " + NEXT.length()) + NEXT);
            String answer = connection.rest();
            assertEquals(2, answer.split("HTTP/1.1 ", -1).length, answer);
            assertFalse(answer.contains(" 100 "), answer);
            assertTrue(closes(answer), answer);
        }
    }

    @Test
    void anOldClientIsNeverToldToContinue() {
        String body = "{\"a\":1}";
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(
                    "POST /v1/cache_id HTTP/1.0\r\nAuthorization: " + JobClient.TOKEN + "\r\nExpect: 100-continue\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            String answer = connection.rest();
            assertTrue(answer.matches("(?s)HTTP/1.[01] 200 .*"), answer);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "417 | GET /v1 HTTP/1.1 | Expect: a-reply",
                "501 | PROPFIND /v1 HTTP/1.1 | A: b",
                "501 | get /v1 HTTP/1.1 | A: b",
                "505 | GET /v1 HTTP/2.0 | A: b",
                "505 | GET /v1 HTTP/1.9 | A: b",
                "505 | GET /v1 FTP/1.1 | A: b"
            })
    void whatNothingHereKnowsIsRefused(int status, String line, String header) {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(line + "\r\nHost: x\r\n" + header + "\r\n\r\n" + NEXT);
            String answer = connection.rest();
            assertTrue(answer.matches("(?s)HTTP/1.1 " + status + " .*\"status\":\"error\"}\n"), answer);
            assertTrue(closes(answer), answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host: x",
                "content-length: 0",
                "content-type: a/b",
                "authorization: " + JobClient.TOKEN,
                "range: bytes=0-0",
                "if-range: \"a\"",
                "expect: 100-continue",
                "cache-lease: a",
                "cache-expires-days: 1",
                "x-request-id: a"
            })
    void aHeaderTwiceThatMayStandOnceIsNamed(String header) {
        String name = header.substring(0, header.indexOf(':'));
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String first = name.equals("host") ? "" : "Host: x\r\n";
            connection.send("GET /v1 HTTP/1.1\r\n" + first + header + "\r\nA: b\r\n" + header.toUpperCase(Locale.ROOT)
                    + "\r\n\r\n");
            String answer = connection.rest();
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains(name + "\",\"status\":\"error\"}"), answer);
        }
    }
}
