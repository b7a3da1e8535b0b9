package us.kbase.caching.store.s3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.s3.error.ServerSilent;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.ForwardPool;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CountedChunks;
import us.kbase.caching.testing.LateSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.ScriptedSource;

/** One request and its answer: its connection, its place in the lane, its memory and its body's chunks have one end each. */
class SignedExchangeTest {

    private static final CallTimeouts PATIENT = new CallTimeouts(20_000, 20_000, 20_000);
    private static final int FILE_BYTES = 32 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final Budget budget = Budget.of("transfers", 1 << 20);
    private final ConnectionPools.Load load = new ConnectionPools.Load();
    private final CountedChunks chunks = new CountedChunks();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private ConnectionPools pools;

    @BeforeEach
    void open() {
        pools = loop.call(() -> Future.succeededFuture(Roads.of(vertx, 4, budget, load)));
    }

    @AfterEach
    void nothingIsHeldOrPaid() {
        Await.until("the memory is given back", () -> budget.usedBytes() == 0);
        Await.until("the place is given back", () -> load.transfers().open() == 0);
        Await.until("every chunk is released", () -> chunks.owned() == 0 && ForwardPool.takenBytes() == 0);
        pools.close();
        Loop.await(vertx.close());
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

    private int raw(Handler<NetSocket> connected) {
        return Loop.await(vertx.createNetServer()
                        .connectHandler(socket -> {
                            socket.exceptionHandler(reset -> {});
                            socket.closeHandler(v -> closed.incrementAndGet());
                            connected.handle(socket);
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private SignedExchange put(int port, ByteSource body, long lengthBytes, CallTimeouts timeouts) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.PUT)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/bucket/key")
                .putHeader("Content-Length", Long.toString(lengthBytes));
        return SignedExchange.begin(
                pools.transfers(), () -> options, new SignedExchange.Content.Streamed(body, lengthBytes), timeouts);
    }

    private static Future<Integer> status(SignedExchange exchange) {
        return exchange.answer()
                .compose(response -> exchange.text(response, 1024, 20_000).map(text -> response.statusCode()));
    }

    private Future<ByteSource> file(int port) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/bucket/key");
        SignedExchange get = SignedExchange.begin(
                pools.transfers(), () -> options, new SignedExchange.Content.Held(Buffer.buffer()), PATIENT);
        return get.answer().map(response -> get.file(response, length(response)));
    }

    private static long length(HttpClientResponse response) {
        return Long.parseLong(response.getHeader("Content-Length"));
    }

    /** Sends so many bytes, as fast as they are taken, and counts those. */
    private int fileServer(AtomicLong taken) {
        return server(request -> {
            request.response().putHeader("Content-Length", Integer.toString(FILE_BYTES));
            send(request, taken);
        });
    }

    private static void send(HttpServerRequest request, AtomicLong taken) {
        if (taken.get() == FILE_BYTES) {
            request.response().end();
            return;
        }
        Buffer some = Buffer.buffer(new byte[64 << 10]);
        request.response().write(some).onSuccess(v -> {
            taken.addAndGet(some.length());
            send(request, taken);
        });
    }

    @Test
    void aBodyIsSentAndItsConnectionUsedAgain() {
        AtomicLong got = new AtomicLong();
        int port = server(request -> request.body().onSuccess(body -> {
            got.addAndGet(body.length());
            request.response().end();
        }));
        for (int i = 0; i < 2; i++) {
            ByteSource body = ScriptedSource.of(chunks.cut("x".repeat(300_000), 100_000));
            assertEquals(200, loop.call(() -> status(put(port, body, 300_000, PATIENT))));
        }

        assertEquals(600_000, got.get());
        assertEquals(1, connections.get());
    }

    @Test
    void aServerThatTakesNothingIsAskedToTakeNoMoreThanWaitsForIt() {
        ScriptedSource body = ScriptedSource.of(Collections.nCopies(1000, Buffer.buffer(new byte[64 << 10])));
        int port = raw(NetSocket::pause);
        Throwable failure =
                loop.failureOf(() -> put(port, body, 1000L * (64 << 10), new CallTimeouts(20_000, 200, 20_000))
                        .answer());

        assertEquals(ServerSilent.class, failure.getClass());
        assertTrue(body.givenBytes() < 16 << 20, "more than sockets hold was asked for: " + body.givenBytes());
    }

    @Test
    void aBodyThatBreaksIsNoFaultOfTheServers() {
        IllegalStateException cause = new IllegalStateException("broken");
        LateSource body = new LateSource();
        int port = server(request -> {});
        SignedExchange put = loop.call(() -> Future.succeededFuture(put(port, body, 1000, PATIENT)));
        Await.until("the body was asked for", () -> body.questions() == 1);
        loop.call(() -> {
            body.give(chunks.of("abc"));
            body.breakOff(cause);
            return Future.succeededFuture();
        });

        assertSame(cause, Await.failure(IllegalStateException.class, put.answer()));
        assertSame(cause, put.bodyFailure().orElseThrow());
        Await.until("the connection was closed", () -> closed.get() == 1);
    }

    @Test
    void whatABodyGivesWhenItsExchangeIsOverIsReleased() {
        LateSource body = new LateSource();
        int port = server(request -> {});
        SignedExchange put = loop.call(() -> Future.succeededFuture(put(port, body, 1000, PATIENT)));
        Await.until("the body was asked for", () -> body.questions() == 1);
        loop.call(() -> {
            put.giveUp(new IllegalStateException("given up"));
            body.give(chunks.of("abc"));
            return Future.succeededFuture();
        });

        assertEquals(1, body.questions());
    }

    @Test
    void anAnswerBeforeTheWholeBodyIsHeardAndItsConnectionNotUsedAgain() {
        LateSource body = new LateSource();
        int port = server(request -> request.response().setStatusCode(503).end("slow down"));
        Future<Integer> status = loop.start(() -> status(put(port, body, 1000, PATIENT)));
        Await.until("the body was asked for", () -> body.questions() == 1);
        loop.call(() -> {
            body.give(chunks.of("abc"));
            return Future.succeededFuture();
        });

        assertEquals(503, Await.result(status));
        Await.until("the connection was closed", () -> closed.get() == 1);
    }

    @Test
    void anExchangeThatIsGivenUpBeforeItsTurnSendsNothing() {
        AtomicInteger requests = new AtomicInteger();
        int port = server(request -> requests.incrementAndGet());
        loop.call(() -> {
            SignedExchange put = put(port, new LateSource(), 1000, PATIENT);
            put.giveUp(new IllegalStateException("given up"));
            return Future.succeededFuture();
        });
        Await.until("its place is free", () -> load.transfers().open() == 0);
        loop.call(() -> Future.succeededFuture());
        assertEquals(0, requests.get());
    }

    @Test
    void aFileIsReadNoFasterThanItIsAskedFor() {
        AtomicLong taken = new AtomicLong();
        int port = fileServer(taken);
        ByteSource file = loop.call(() -> file(port));
        long unasked = Await.settled(taken);
        assertTrue(unasked < FILE_BYTES / 2, "the sockets took " + unasked);

        loop.call(() -> all(file));
        assertEquals(FILE_BYTES, taken.get());
    }

    private static Future<Void> all(ByteSource file) {
        return Pump.run(file, chunk -> {
            Chunk.release(chunk);
            return Future.succeededFuture();
        });
    }

    @Test
    void aFileThatIsGivenUpClosesItsConnection() {
        int port = fileServer(new AtomicLong());
        loop.call(() -> file(port)
                .compose(file -> file.next().onSuccess(chunk -> {
                    Chunk.release(chunk);
                    file.cancel();
                })));
        Await.until("the connection was closed", () -> closed.get() == 1);
    }

    @Test
    void aFileThatBreaksOffFailsWhoAsks() {
        int port = raw(socket -> socket.handler(request -> {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            socket.close();
        }));
        Throwable failure = loop.failureOf(() -> file(port).compose(SignedExchangeTest::all));

        assertEquals(Failure.Upstream.class, failure.getClass());
    }
}
