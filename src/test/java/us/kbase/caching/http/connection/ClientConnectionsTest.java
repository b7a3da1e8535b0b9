package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
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
import us.kbase.caching.testing.ThinkingAuth;

/** Connections are paid for; where there is no room, slow heads give way, then strangers', then the one that was idle the longest. */
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

    private static final String HEAD = "GET /v1/cache/none HTTP/1.1\r\nHost: x\r\nAuthorization: other\r\n\r\n";

    private static final Duration SLOW = ClientTimeouts.USUAL.slowHead();

    private final Promise<Void> thinking = Promise.promise();

    /** Its auth server thinks about one token until it is told to go on. */
    private LoopGateway gateway() {
        return LoopGateway.on(
                folder,
                LoopGateway.Setup.usual()
                        .memory(memory)
                        .authenticator(new ThinkingAuth(
                                token -> token.equals("other") ? thinking.future() : Future.succeededFuture())));
    }

    @Test
    void theLongestIdleGivesWayAndOneWithARequestStays() {
        try (LoopGateway gateway = gateway();
                RawConnection busy = new RawConnection(gateway.port()).send(HEAD)) {
            Await.until("its request has begun", () -> memory.heads().usedBytes() > 0);
            List<RawConnection> silent = new ArrayList<>();
            try {
                for (int i = 0; i < 3 * ROOM_FOR; i++) {
                    silent.add(new RawConnection(gateway.port()));
                }
                assertEquals("", silent.getFirst().rest());
                assertTrue(
                        memory.connections().usedBytes() <= memory.connections().limitBytes());
                try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
                    assertEquals(
                            128, client.cacheId(new JsonObject().put("a", 1)).length());
                }
                thinking.complete();
                assertTrue(busy.head().startsWith("HTTP/1.1 404 "));
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
        try (LoopGateway gateway = gateway()) {
            for (int i = 0; i < ROOM_FOR; i++) {
                long before = memory.heads().usedBytes();
                busy.add(new RawConnection(gateway.port()).send(HEAD));
                Await.until("it has begun", () -> memory.heads().usedBytes() > before);
            }
            try (RawConnection another = new RawConnection(gateway.port())) {
                assertEquals("", another.rest());
            }
            thinking.complete();
            busy.forEach(connection -> assertTrue(connection.head().startsWith("HTTP/1.1 404 ")));
        } finally {
            busy.forEach(RawConnection::close);
        }
    }

    @Test
    void aKnownUsersIdleConnectionStaysBesideStrangersThatComeAllTheTime() {
        List<RawConnection> strangers = new ArrayList<>();
        String bodiless = HEAD.replace("GET", "HEAD");
        thinking.complete();
        try (LoopGateway gateway = gateway();
                RawConnection known = new RawConnection(gateway.port()).send(bodiless)) {
            assertTrue(known.head().startsWith("HTTP/1.1 404 "));
            for (int i = 0; i < 3 * ROOM_FOR; i++) {
                RawConnection stranger = new RawConnection(gateway.port());
                strangers.add(i % 2 == 0 ? stranger : stranger.send("GET /v1 HTTP/1.1\r\n"));
            }
            assertEquals("", strangers.getFirst().rest());
            assertTrue(known.send(bodiless).head().startsWith("HTTP/1.1 404 "));
        } finally {
            strangers.forEach(RawConnection::close);
        }
    }

    @Test
    void aHeadThatHasBeenUnfinishedForASecondGivesWayBeforeWhoIsIdle() {
        List<RawConnection> slow = new ArrayList<>();
        try (LoopGateway gateway = gateway();
                JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            client.cacheId(new JsonObject().put("a", 1));
            for (int i = 1; i < ROOM_FOR; i++) {
                slow.add(new RawConnection(gateway.port()).send("GET /v1 HTTP/1.1\r\n"));
            }
            Await.until(
                    "all are open",
                    () -> memory.connections().usedBytes()
                            == memory.connections().limitBytes());
            Await.until(
                    "the others' heads have begun",
                    () -> memory.heads().usedBytes() >= (ROOM_FOR - 1) * (long) OpenHead.REQUEST_BYTES);
            long begun = System.nanoTime();
            Await.until("the heads have been unfinished for long", () -> System.nanoTime() - begun > SLOW.toNanos());
            try (RawConnection another =
                    new RawConnection(gateway.port()).send(HEAD.replace("other", JobClient.TOKEN))) {
                assertTrue(another.head().startsWith("HTTP/1.1 404 "));
            }
            assertEquals("", slow.getFirst().rest());
            assertEquals(128, client.cacheId(new JsonObject().put("a", 1)).length());
        } finally {
            slow.forEach(RawConnection::close);
        }
    }
}
