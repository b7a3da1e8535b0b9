package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** Connections are paid for; where there is no room, the one that was idle the longest gives way. */
class ClientConnectionsTest {

    private static final int ROOM_FOR = 10;

    @TempDir
    Path folder;

    private final MemoryPlan memory = withConnections(Budget.of("connections", ROOM_FOR * (long) Connections.BYTES));

    private static MemoryPlan withConnections(Budget connections) {
        MemoryPlan plan = MemoryPlan.ofHeap(48L << 20);
        return new MemoryPlan(
                plan.bytes(),
                connections,
                plan.heads(),
                plan.parameters(),
                plan.replies(),
                plan.uploads(),
                plan.transfers(),
                plan.waiters(),
                plan.questions(),
                plan.answers());
    }

    @Test
    void theLongestIdleGivesWayAndOneWithARequestStays() {
        try (LoopGateway gateway =
                        LoopGateway.on(folder, LoopGateway.Setup.usual().memory(memory));
                RawConnection busy = new RawConnection(gateway.port()).send("GET /v1 HTTP/1.1\r\n")) {
            Await.until("its request has begun", () -> memory.heads().usedBytes() > 0);
            List<RawConnection> silent = new ArrayList<>();
            try {
                for (int i = 0; i < 3 * ROOM_FOR; i++) {
                    silent.add(new RawConnection(gateway.port()));
                }
                assertEquals("", silent.getFirst().rest());
                assertTrue(
                        memory.connections().usedBytes() <= memory.connections().limitBytes());
                try (JobClient client = new JobClient(gateway.port(), "token")) {
                    assertEquals(
                            128, client.cacheId(new JsonObject().put("a", 1)).length());
                }
                assertTrue(busy.send("Host: x\r\n\r\n").head().startsWith("HTTP/1.1 200 "));
            } finally {
                silent.forEach(RawConnection::close);
            }
            busy.close();
            Await.until("all is given back", () -> memory.connections().usedBytes() == 0);
        }
    }

    @Test
    void aNewOneIsClosedWhenAllOthersHaveRequests() {
        List<RawConnection> busy = new ArrayList<>();
        try (LoopGateway gateway =
                LoopGateway.on(folder, LoopGateway.Setup.usual().memory(memory))) {
            for (int i = 0; i < ROOM_FOR; i++) {
                long before = memory.heads().usedBytes();
                busy.add(new RawConnection(gateway.port()).send("GET /v1 HTTP/1.1\r\n"));
                Await.until("it has begun", () -> memory.heads().usedBytes() > before);
            }
            try (RawConnection another = new RawConnection(gateway.port())) {
                assertEquals("", another.rest());
            }
            busy.forEach(connection ->
                    assertTrue(connection.send("Host: x\r\n\r\n").head().startsWith("HTTP/1.1 200 ")));
        } finally {
            busy.forEach(RawConnection::close);
        }
    }
}
