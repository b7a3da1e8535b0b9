package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** JSON bodies are paid for as they come, in a heap of half the usual size. */
class SmallBodiesTest {

    @TempDir
    Path folder;

    private final MemoryPlan memory = MemoryPlan.ofHeap(48L << 20);

    @Test
    void unfinishedOnesHoldWhatTheBudgetHasAndHurtNobody() {
        byte[] most = ("{\"a\":\"" + "x".repeat(1_000_000)).getBytes(StandardCharsets.ISO_8859_1);
        List<RawConnection> unfinished = new ArrayList<>();
        try (LoopGateway gateway =
                        LoopGateway.on(folder, LoopGateway.Setup.usual().memory(memory));
                JobClient client = new JobClient(gateway.port(), "other")) {
            for (int i = 0; i < 160; i++) {
                unfinished.add(begin(gateway));
                send(unfinished.getLast(), most);
            }
            assertTrue(memory.parameters().usedBytes() <= memory.parameters().limitBytes());
            for (int job = 0; job < 20; job++) {
                assertEquals(
                        128, client.cacheId(new JsonObject().put("job", job)).length());
            }
            assertTrue(memory.parameters().usedBytes() > 0, "what came is paid for");
            unfinished.forEach(RawConnection::close);
            Await.until("all is given back", () -> memory.parameters().usedBytes() == 0);
            assertEquals(0, memory.parameters().waiting());
        } finally {
            unfinished.forEach(RawConnection::close);
        }
    }

    private static RawConnection begin(LoopGateway gateway) {
        return new RawConnection(gateway.port())
                .send("POST /v1/cache_id HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 1048576\r\n\r\n");
    }

    private static void send(RawConnection connection, byte[] bytes) {
        try {
            connection.send(bytes, 0, bytes.length);
        } catch (RuntimeException refused) {
            // no room for it
        }
    }

    @Test
    void oneThatParsingMakesMoreOfThanThereEverIsIsAnswered413() {
        try (LoopGateway gateway =
                        LoopGateway.on(folder, LoopGateway.Setup.usual().memory(memory));
                RawConnection connection = new RawConnection(gateway.port())) {
            String body = "{\"a\":[" + "[0],".repeat(200_000) + "0]}";
            String answer = connection
                    .send("POST /v1/cache_id HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                            + "\r\nConnection: close\r\n" + "Content-Type: application/json\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .rest();
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            Await.until("all is given back", () -> memory.parameters().usedBytes() == 0);
        }
    }
}
