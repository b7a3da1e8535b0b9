package us.kbase.caching.store.s3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import us.kbase.caching.store.s3.error.ServerSilent;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.TestSource;

/** The cases of the SDK's own conformance suite for HTTP/1.1 clients, which is not published, and those it lacks. */
class VertxSdkHttpClientTest {

    private static final CallTimeouts PATIENT = new CallTimeouts(20_000, 20_000, 20_000);

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private VertxSdkHttpClient client;

    @BeforeEach
    void open() {
        client = client(4, PATIENT);
    }

    @AfterEach
    void close() {
        client.close();
        Loop.await(vertx.close());
    }

    private VertxSdkHttpClient client(int pool, CallTimeouts patience) {
        return loop.call(() -> Future.succeededFuture(new VertxSdkHttpClient(Roads.calls(vertx, pool), patience)));
    }

    private int server(Handler<HttpServerRequest> answer) {
        return Loop.await(vertx.createHttpServer()
                        .connectionHandler(connection -> {
                            connections.incrementAndGet();
                            connection.closeHandler(v -> closed.incrementAndGet());
                        })
                        .requestHandler(answer)
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    /** A server that only knows TCP. */
    private int raw(Handler<NetSocket> connected) {
        return Loop.await(vertx.createNetServer()
                        .connectHandler(socket -> {
                            connections.incrementAndGet();
                            socket.exceptionHandler(reset -> {});
                            socket.closeHandler(v -> closed.incrementAndGet());
                            connected.handle(socket);
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static void done(CompletableFuture<Void> call) {
        try {
            call.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Throwable failure(CompletableFuture<Void> call) {
        return assertThrows(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS))
                .getCause();
    }

    private SdkCall get(int port) {
        SdkCall call = new SdkCall(SdkHttpMethod.GET, port);
        done(call.on(client));
        return call;
    }

    @Test
    void headersThenStreamThenBytesThenTheFuture() {
        SdkCall call = get(server(request -> request.response().end("hello")));

        assertEquals(List.of("headers 200", "stream", "bytes", "complete"), call.heard);
        assertEquals("hello", call.content());
    }

    @Test
    void pathQueryAndHeadersGoOutAsTheyWereSigned() {
        AtomicReference<String> seen = new AtomicReference<>();
        int port = server(request -> {
            seen.set(request.method() + " " + request.uri() + " " + request.getHeader("Host"));
            request.response().end();
        });
        get(port);

        assertEquals("GET /path?a=b 127.0.0.1:" + port, seen.get());
    }

    @Test
    void a200AndA500ReuseTheConnection() {
        AtomicInteger count = new AtomicInteger();
        int port = server(request -> request.response()
                .setStatusCode(count.incrementAndGet() % 2 == 0 ? 200 : 500)
                .end("body"));
        for (int i = 0; i < 4; i++) {
            get(port);
        }
        assertEquals(1, connections.get());
    }

    @Test
    void aConnectionThatTheServerCloseIsNotReused() {
        int port = server(
                request -> request.response().putHeader("Connection", "close").end("body"));
        get(port);
        get(port);

        assertEquals(2, connections.get());
    }

    @Test
    void connectionsArePooledByHostAndPort() {
        int one = server(request -> request.response().end("one"));
        int two = server(request -> request.response().end("two"));

        assertEquals(List.of("one", "two", "one"), List.of(get(one).content(), get(two).content(), get(one).content()));
        assertEquals(2, connections.get());
    }

    @Test
    void aHeadHasAStreamWithoutBytes() {
        int port = server(request ->
                request.response().putHeader("Content-Length", "1000").end());
        SdkCall call = new SdkCall(SdkHttpMethod.HEAD, port);
        done(call.on(client));

        assertEquals(List.of("headers 200", "stream", "complete"), call.heard);
    }

    @Test
    void aHeaderWithALineBreakIsRefusedHere() {
        int port = server(request -> request.response().end());
        SdkCall call = new SdkCall(SdkHttpMethod.GET, port).header("foo", "bar\r\nevil: 1");

        assertInstanceOf(IOException.class, failure(call.on(client)));
        assertEquals(List.of("error"), call.heard);
    }

    @Test
    void aBodyShorterThanItsContentLengthIsAFailure() {
        int port = raw(socket -> socket.handler(request -> {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            socket.close();
        }));
        SdkCall call = new SdkCall(SdkHttpMethod.GET, port);

        assertInstanceOf(IOException.class, failure(call.on(client)));
        assertTrue(call.heard.contains("error"));
        assertTrue(!call.heard.contains("complete"));
    }

    @Test
    void aServerThatClosesWithoutAnAnswerIsAnIOException() {
        int port = raw(socket -> socket.handler(request -> socket.close()));

        assertInstanceOf(IOException.class, failure(new SdkCall(SdkHttpMethod.GET, port).on(client)));
    }

    @Test
    void nobodyListeningIsAnIOException() throws IOException {
        int nobody = us.kbase.caching.testing.S3Servers.freePort();

        assertInstanceOf(IOException.class, failure(new SdkCall(SdkHttpMethod.GET, nobody).on(client)));
    }

    @Test
    void aStreamThatIsCancelledClosesItsConnection() throws Exception {
        int port = server(request -> request.response().setChunked(true).write("begin"));
        SdkCall call = new SdkCall(SdkHttpMethod.GET, port);
        CompletableFuture<Void> done = call.on(client);
        call.stream.get(20, TimeUnit.SECONDS);
        Await.until("subscribed", () -> call.subscription != null);
        loop.call(() -> {
            call.subscription.cancel();
            return Future.succeededFuture();
        });

        failure(done);
        Await.until("the connection was closed", () -> closed.get() == 1);
    }

    @Test
    void aFutureThatIsFailedFromOutsideClosesTheConnection() throws Exception {
        int port = server(request -> request.response().setChunked(true).write("begin"));
        SdkCall call = new SdkCall(SdkHttpMethod.GET, port);
        CompletableFuture<Void> done = call.on(client);
        call.stream.get(20, TimeUnit.SECONDS);
        done.completeExceptionally(new IllegalStateException("given up"));

        Await.until("the connection was closed", () -> closed.get() == 1);
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        int port = server(request -> {});
        VertxSdkHttpClient hasty = client(4, new CallTimeouts(20_000, 20_000, 100));

        assertInstanceOf(ServerSilent.class, failure(new SdkCall(SdkHttpMethod.GET, port).on(hasty)));
        Await.until("the connection was closed", () -> closed.get() == 1);
        hasty.close();
    }

    @Test
    void aServerThatTakesNoBytesIsGivenUp() {
        int port = raw(NetSocket::pause);
        VertxSdkHttpClient hasty = client(4, new CallTimeouts(20_000, 100, 20_000));
        SdkCall call = new SdkCall(SdkHttpMethod.PUT, port).body(TestSource.of(1, 64 << 20), 64 << 20);

        assertInstanceOf(ServerSilent.class, failure(call.on(hasty)));
        hasty.close();
    }

    @Test
    void aBodyThatComesSlowlyIsNotHeldAgainstTheServer() {
        int port =
                server(request -> request.bodyHandler(body -> request.response().end("got " + body.length())));
        VertxSdkHttpClient hasty = client(4, new CallTimeouts(20_000, 100, 100));
        ByteSource fast = TestSource.of(1, 200_000);
        ByteSource slow = new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return vertx.timer(300).compose(v -> fast.next());
            }

            @Override
            public void cancel() {}
        };
        SdkCall call = new SdkCall(SdkHttpMethod.PUT, port).body(slow, 200_000);
        done(call.on(hasty));

        assertEquals("got 200000", call.content());
        hasty.close();
    }

    @Test
    void anAnswerBeforeTheWholeRequestIsHeardAndItsConnectionNotUsedAgain() {
        int port = server(request -> request.response().setStatusCode(503).end("slow down"));
        for (int i = 0; i < 3; i++) {
            Promise<Buffer> never = Promise.promise();
            ByteSource stuck = new ByteSource() {
                private boolean begun;

                @Override
                public Future<Buffer> next() {
                    if (begun) {
                        return never.future();
                    }
                    begun = true;
                    return Future.succeededFuture(Buffer.buffer("begin"));
                }

                @Override
                public void cancel() {}
            };
            SdkCall call = new SdkCall(SdkHttpMethod.PUT, port).body(stuck, 1_000);
            done(call.on(client));
            assertEquals("slow down", call.content());
        }
        Await.until("all were closed", () -> closed.get() == 3);
        assertEquals(3, connections.get());
        get(port);
    }

    @Test
    void aBodyThatBreaksFailsTheCallAndClosesTheConnection() {
        int port = server(request -> {});
        SdkCall call = new SdkCall(SdkHttpMethod.PUT, port).body(TestSource.breaking(1, 200_000, 100_000), 200_000);

        failure(call.on(client));
        Await.until("the connection was closed", () -> closed.get() == 1);
    }

    @Test
    void aCallFromAnyThreadRunsOnTheLoopOfTheClient() {
        List<String> threads = new CopyOnWriteArrayList<>();
        int port = server(request -> request.response().end("hello"));
        String own =
                loop.call(() -> Future.succeededFuture(Thread.currentThread().getName()));
        Loop other = new Loop(vertx);
        CompletableFuture<Void> call = other.call(() -> Future.succeededFuture(new SdkCall(SdkHttpMethod.GET, port)
                .on(client)
                .whenComplete((v, e) -> threads.add(Thread.currentThread().getName()))));
        done(call);

        assertEquals(List.of(own), threads);
    }
}
