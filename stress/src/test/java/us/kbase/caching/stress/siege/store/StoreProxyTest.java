package us.kbase.caching.stress.siege.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.stress.Loop;

class StoreProxyTest {

    private Vertx vertx;
    private StoreProxy proxy;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        HttpServer store = Loop.await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end("content"))
                .listen(0, "127.0.0.1"));
        proxy = new StoreProxy(vertx, URI.create("http://127.0.0.1:" + store.actualPort()), 1);
        Loop.await(proxy.listen());
    }

    @AfterEach
    void stop() {
        Loop.await(vertx.close());
    }

    /** A client would take a body there for the answer to its next call. */
    @Test
    void aSlowDownForAHeadIsAHeadAlone() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
            proxy.slowDown(1);
            assertTrue(answer(socket, "HEAD").startsWith("HTTP/1.1 503 "));

            proxy.slowDown(0);
            assertEquals(
                    "HTTP/1.1 200 OK", answer(socket, "GET").lines().findFirst().orElseThrow());
        }
    }

    private static String answer(Socket socket, String method) throws IOException {
        String request = method + " /bucket/key HTTP/1.1\r\nHost: store\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertTrue(next >= 0, "ended behind " + head);
            head.append((char) next);
        }
        return head.toString();
    }
}
