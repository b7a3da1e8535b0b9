package us.kbase.caching.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.RawConnection;

/** Clients who connect while a server begins. */
class ListeningSocketsTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final int SHARED_PORT = -1;

    private final ListeningSockets sockets = ListeningSockets.shut();
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(2))
            .withTransport(sockets)
            .build();
    private final AtomicInteger taken = new AtomicInteger();

    @AfterEach
    void stop() {
        Await.result(vertx.close());
    }

    /** Answers with the name of its event loop. */
    private HttpServer serve(int port) {
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> taken.incrementAndGet())
                .requestHandler(
                        request -> request.response().end(Thread.currentThread().getName()));
        Await.result(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return server.listen(port, "127.0.0.1");
            }
        }));
        return server;
    }

    /** One thread takes all connections of a Vert.x: what it takes later shows that it looked at what came before. */
    @Test
    void takeNobodyUntilTheyAreOpened() {
        int open = serve(0).actualPort();
        sockets.open();
        int shut = serve(0).actualPort();
        try (RawConnection early = new RawConnection(shut).send(REQUEST);
                RawConnection late = new RawConnection(open).send(REQUEST)) {
            assertTrue(late.rest().startsWith("HTTP/1.1 200 "));
            assertEquals(1, taken.get());
            sockets.open();
            assertTrue(early.rest().startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void clientsWhoConnectWhileTheFirstLoopAloneServesAreSharedByAll() {
        int port = serve(SHARED_PORT).actualPort();
        List<RawConnection> early = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            early.add(new RawConnection(port).send(REQUEST));
        }
        serve(SHARED_PORT);
        sockets.open();
        Set<String> loops = new HashSet<>();
        early.forEach(connection -> loops.add(connection.rest().lines().reduce("", (before, line) -> line)));
        assertEquals(2, loops.size(), loops::toString);
    }

    @Test
    void aPortThatCannotBeHadIsAFailureAsEver() {
        int port = serve(0).actualPort();
        Vertx other = Vertx.builder().withTransport(ListeningSockets.shut()).build();
        Await.failure(
                java.io.IOException.class,
                other.createHttpServer().requestHandler(request -> {}).listen(port, "127.0.0.1"));
        Await.result(other.close());
        sockets.open();
    }
}
