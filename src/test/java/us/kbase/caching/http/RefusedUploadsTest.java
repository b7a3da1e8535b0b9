package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** An upload that is refused from its headers holds nothing afterwards. */
class RefusedUploadsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "PUT, a.b, Cache-Expires-Days: 1, 404",
        "PUT, aa, Cache-Expires-Days: 0, 400",
        "PUT, aa, Cache-Expires-Days: many, 400",
        "PUT, aa, Cache-Lease: lost, 409",
        "PUT, aa, If-Match: \"x\", 404"
    })
    void givesItsMemoryBack(String method, String id, String header, int status) {
        MemoryPlan memory = MemoryPlan.ofHeap(48L << 20);
        try (LoopGateway gateway =
                LoopGateway.on(folder, LoopGateway.Setup.usual().memory(memory))) {
            for (int i = 0; i < 3; i++) {
                try (RawConnection client = new RawConnection(gateway.port())) {
                    client.send(method + " /v1/cache/" + (id.equals("aa") ? "a".repeat(128) : id)
                            + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN + "\r\n" + header
                            + "\r\nContent-Length: 3\r\n\r\nabc");
                    client.endOutput();
                    String reply = client.rest();
                    assertTrue(reply.startsWith("HTTP/1.1 " + status), reply);
                }
            }
            Await.until("all is given back", () -> memory.uploads().usedBytes() == 0);
            assertEquals(0, memory.uploads().usedBytes());
        }
    }
}
