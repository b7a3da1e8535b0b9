package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** A chunked body of which several chunks come with one read: those that wait are paid for while they wait, and no longer. */
class ChunkedBodiesTest {

    private static final int CHUNK_BYTES = 4096;
    private static final int CHUNKS_AT_ONCE = 256;
    private static final int ROUNDS = 48;

    @TempDir
    Path folder;

    private final MemoryPlan memory = MemoryPlan.ofHeap(48L << 20);

    @Test
    void isTakenWhateverItsLengthAndLeavesNothingPaid() {
        byte[] chunk = (Integer.toHexString(CHUNK_BYTES) + "\r\n" + "x".repeat(CHUNK_BYTES) + "\r\n")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] chunks = new byte[chunk.length * CHUNKS_AT_ONCE];
        for (int i = 0; i < CHUNKS_AT_ONCE; i++) {
            System.arraycopy(chunk, 0, chunks, i * chunk.length, chunk.length);
        }
        try (LoopGateway gateway =
                        LoopGateway.on(folder, LoopGateway.Setup.usual().memory(memory));
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN);
                RawConnection connection = new RawConnection(gateway.port(), 4 << 20)) {
            String id = client.cacheId(new JsonObject().put("job", "chunked"));
            for (int upload = 0; upload < 2; upload++) {
                connection.send("PUT /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\n" + "Transfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < ROUNDS; i++) {
                    connection.send(chunks, 0, chunks.length);
                }
                String head = connection.send("0\r\n\r\n").head();
                assertTrue(head.startsWith("HTTP/1.1 200 "), head);
                assertEquals("{\"status\":\"ok\"}\n".length(), connection.read(16).length);
            }
            assertEquals(
                    ROUNDS * CHUNKS_AT_ONCE * CHUNK_BYTES, client.download(id).body().length);
            assertTrue(
                    memory.connections().usedBytes() < 64 * 1024,
                    "" + memory.connections().usedBytes());
        }
    }
}
