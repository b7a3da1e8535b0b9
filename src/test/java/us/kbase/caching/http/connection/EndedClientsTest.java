package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.ThinkingAuth;

/**
 * Clients that send no more while their requests wait: what lies in their sockets is read to its end, whatever a gate says, so all of
 * it is paid for. In a heap of half the usual size, and with an auth server that thinks.
 */
class EndedClientsTest {

    private static final int CLIENTS = 150;

    private static final String HEAD = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";
    private static final String ID = "a".repeat(128);

    @TempDir
    Path folder;

    private final MemoryPlan memory = MemoryPlan.ofHeap(48L << 20);
    private final Promise<Void> thinking = Promise.promise();
    private final List<RawConnection> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(RawConnection::close);
    }

    private LoopGateway gateway() {
        return LoopGateway.on(
                folder,
                LoopGateway.Setup.usual().memory(memory).authenticator(new ThinkingAuth(token -> thinking.future())));
    }

    private static String upload(int fileBytes) {
        String form = HEAD + "x".repeat(fileBytes) + TAIL;
        return "POST /v1/cache/" + ID + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + form.length() + "\r\n\r\n"
                + form;
    }

    /** So many clients that send that and end; how many of them are cut before anybody is answered. */
    private AtomicInteger cut(LoopGateway gateway, String text) {
        AtomicInteger cut = new AtomicInteger();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new RawConnection(gateway.port()));
        }
        // One that connected after others had sent much would add its own cost to the half that they may take.
        Await.until("all are paid for", () -> memory.connections().usedBytes() >= (long) CLIENTS * Connections.BYTES);
        for (RawConnection client : clients) {
            Thread.startVirtualThread(() -> {
                try {
                    client.send(text).endOutput();
                } catch (java.io.UncheckedIOException broken) {
                    // cut while it sent
                }
                if (client.rest().isEmpty()) {
                    cut.incrementAndGet();
                }
            });
        }
        return cut;
    }

    @Test
    void uploadsBeyondTheMemoryAreCut() throws IOException {
        try (LoopGateway gateway = gateway()) {
            AtomicInteger cut = cut(gateway, upload(150_000));
            Await.until("most are cut", () -> cut.get() > CLIENTS / 2);
            assertTrue(memory.connections().usedBytes() <= memory.connections().limitBytes() / 2);
        }
    }

    @Test
    void requestsBehindAnotherBeyondTheMemoryAreCut() throws IOException {
        try (LoopGateway gateway = gateway()) {
            String one =
                    "GET /v1/cache/" + ID + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n\r\n";
            AtomicInteger cut = cut(gateway, upload(10) + one.repeat(800));
            Await.until("most are cut", () -> cut.get() > CLIENTS / 2);
            assertTrue(memory.connections().usedBytes() <= memory.connections().limitBytes() / 2);
        }
    }

    @Test
    void oneThatFitsIsAnswered() {
        try (LoopGateway gateway = gateway()) {
            RawConnection client = new RawConnection(gateway.port());
            clients.add(client);
            client.send(upload(100_000)).endOutput();
            Await.until(
                    "what it sent was read and paid for",
                    () -> memory.connections().usedBytes() > 100_000);
            thinking.complete();
            String answer = client.rest();
            assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
            Await.until("all is given back", () -> memory.connections().usedBytes() == 0);
            assertEquals(0, memory.heads().usedBytes());
        }
    }

    /** One in five lost replies, when the end came between a reply and the next request. */
    @Test
    void whoSentWholeBodiesAndEndedIsAnsweredEachOfThem() {
        try (LoopGateway gateway = gateway()) {
            thinking.complete();
            String requests = ("POST /v1/cache_id HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                            + "\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}")
                    .repeat(4);
            for (int i = 0; i < 100; i++) {
                RawConnection client = new RawConnection(gateway.port());
                clients.add(client);
                client.send(requests).endOutput();
                assertEquals(4 + 1, client.rest().split("HTTP/1.1 200 ", -1).length);
            }
        }
    }
}
