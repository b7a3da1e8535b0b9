package us.kbase.caching.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.ForwardPool;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.stream.UnclaimedChunks;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.RawConnection;

/** One request's body: read when it is asked for, paid for while it waits, and gone without a trace when nobody wants it. */
class RequestBodyTest {

    private static final String THREE_CHUNKS = "3\r\nabc\r\n2\r\nde\r\n4\r\nfghi\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final AtomicInteger reads = new AtomicInteger();
    private Budget budget = Budget.of("connections", 1 << 20);
    private ClientTimeouts timeouts = ClientTimeouts.USUAL;
    private final AtomicReference<RawConnection> client = new AtomicReference<>();

    /** A request whose body a route has taken. */
    private record Taken(HttpServerRequest request, RequestBody body) {}

    @AfterEach
    void nothingIsPaidOrHeld() {
        client.get().close();
        Await.until("nothing is paid for", () -> budget.usedBytes() == 0);
        Await.until("no chunk is held", () -> ForwardPool.takenBytes() == 0);
        Loop.await(vertx.close());
    }

    private RawConnection connect() {
        int port = loop.call(() -> {
            HttpServerOptions options = new HttpServerOptions()
                    .setMaxChunkSize(RequestBody.BODY_READ_BYTES)
                    .setHttp2ClearTextEnabled(false)
                    .setHandle100ContinueAutomatically(false)
                    .setStrictThreadMode(true);
            ConnectionLoop shared = new ConnectionLoop(
                    new Connections(vertx, budget, Connections.BYTES, timeouts),
                    new Replies(vertx, timeouts.reply()),
                    Budget.of("heads", 1 << 20),
                    timeouts,
                    options);
            return vertx.createHttpServer(options)
                    .connectionHandler(connection -> watch(connection, shared))
                    .requestHandler(request -> taken.add(new Taken(request, new RequestBody(vertx, request, timeouts))))
                    .listen(0, "127.0.0.1")
                    .map(server -> server.actualPort());
        });
        RawConnection connection = new RawConnection(port);
        client.set(connection);
        return connection;
    }

    private void watch(HttpConnection connection, ConnectionLoop shared) {
        Channel channel = ((ConnectionBase) connection).channel();
        ReadPolicy.control(channel, RequestBody.HEAD_READ_BYTES);
        ClientConnection.watch(channel, shared, shared.connections().accept().orElseThrow());
        UnclaimedChunks.watch(channel);
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext context) {
                reads.incrementAndGet();
                context.read();
            }
        });
    }

    private Taken request(String head, String first) throws InterruptedException {
        connect().send("PUT /x HTTP/1.1\r\nHost: x\r\n" + head + "\r\n\r\n" + first);
        return taken();
    }

    private Taken taken() throws InterruptedException {
        Taken next = taken.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    private Future<Buffer> ask(Taken request) {
        return loop.start(() -> request.body().next());
    }

    private static String released(Future<Buffer> asked) {
        Buffer chunk = Await.result(asked);
        String text = chunk.toString();
        Chunk.release(chunk);
        return text;
    }

    private String text(Taken request) {
        return loop.call(() -> request.body().collect(length -> {})).toString();
    }

    private void cancel(Taken request) {
        loop.call(() -> {
            request.body().cancel();
            return Future.succeededFuture();
        });
    }

    private long usedBytes() {
        return loop.call(() -> Future.succeededFuture(budget.usedBytes()));
    }

    @Test
    void itsConnectionIsReadOnceForEachQuestionAndNeverWithoutOne() throws InterruptedException {
        Taken request = request("Content-Length: 10", "");
        loop.call(() -> Future.succeededFuture()); // the read that brought the head is over
        int before = reads.get();
        client.get().send("abcde");
        assertFalse(loop.call(
                () -> Future.succeededFuture(((ConnectionBase) request.request().connection())
                        .channel()
                        .config()
                        .isAutoRead())));
        assertEquals(before, reads.get());

        assertEquals("abcde", released(ask(request)));
        assertEquals(before + 1, reads.get());
        client.get().send("fghij");
        assertEquals("fghij", released(ask(request)));
        assertTrue(ByteSource.isEnd(Await.result(ask(request))));
    }

    @Test
    void whatCameWithTheHeadIsGivenFirst() throws InterruptedException {
        Taken request = request("Content-Length: 5", "ab");
        client.get().send("cde");
        assertEquals("abcde", text(request));
    }

    @Test
    void itsLengthIsThatOfTheHeadOrUnknown() throws InterruptedException {
        Taken request = request("Transfer-Encoding: chunked", "0\r\n\r\n");
        assertEquals(us.kbase.caching.store.Body.UNKNOWN, request.body().lengthBytes());
        assertEquals("", text(request));
    }

    @Test
    void whoWaitsToBeToldIsToldWhenTheBodyIsAskedFor() throws InterruptedException {
        Taken request = request("Content-Length: 5\r\nExpect: 100-continue", "");
        assertEquals(
                0,
                loop.call(() ->
                        Future.succeededFuture(request.request().response().bytesWritten())));
        Future<Buffer> asked = ask(request);
        assertTrue(client.get().head().startsWith("HTTP/1.1 100 "));
        client.get().send("abcde");

        assertEquals("abcde", released(asked));
        assertEquals("", text(request));
    }

    @Test
    void chunksThatWaitArePaidForUntilTheyAreTaken() throws InterruptedException {
        Taken request = request("Transfer-Encoding: chunked", THREE_CHUNKS + "0\r\n\r\n");
        long waiting = usedBytes();
        assertEquals("abcdefghi", text(request));

        assertEquals(2 * 128 + 2 + 4, waiting - usedBytes()); // the first came with its head and costs nothing more
    }

    @Test
    void chunksThatWaitArePaidForUntilTheyAreDropped() throws InterruptedException {
        Taken request = request("Transfer-Encoding: chunked", THREE_CHUNKS + "0\r\n\r\n");
        long waiting = usedBytes();
        cancel(request);

        assertEquals(2 * 128 + 2 + 4, waiting - usedBytes());
    }

    @Test
    void aClientWhoseChunksFindNoRoomIsCut() throws InterruptedException {
        budget = Budget.of("connections", 2L * Connections.BYTES);
        Taken request = request("Transfer-Encoding: chunked", THREE_CHUNKS);

        assertInstanceOf(Failure.ClientGone.class, Await.failure(Failure.class, ask(request)));
        assertEquals("", client.get().rest());
    }

    @Test
    void aClientThatLeavesBreaksIt() throws InterruptedException {
        Taken request = request("Content-Length: 5", "");
        Future<Throwable> told =
                loop.start(() -> Future.future(promise -> request.body().whenBroken(promise::tryComplete)));
        Future<Buffer> asked = ask(request);
        client.get().cut();

        Await.failure(Failure.ClientGone.class, asked);
        assertInstanceOf(Failure.ClientGone.class, Await.result(told));
    }

    @Test
    void aClientThatIsTooSlowWhileItIsWaitedForBreaksIt() throws InterruptedException {
        timeouts = new ClientTimeouts(
                Duration.ofSeconds(20),
                Duration.ofMillis(200),
                800,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20));
        Taken request = request("Content-Length: 5", "");
        Await.failure(Failure.TooSlow.class, ask(request));
    }

    @Test
    void theRestOfABodyThatNobodyWantsIsDroppedAndTheNextRequestIsRead() throws InterruptedException {
        Taken request = request("Content-Length: 200000", "abc");
        cancel(request);
        loop.call(() -> request.request().response().setStatusCode(403).end());
        client.get().send("x".repeat(200_000 - 3) + "PUT /y HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");

        Taken next = taken();
        assertEquals("/y", next.request().path());
        assertEquals("hi", text(next));
    }

    @Test
    void whoWasNotToldToSendABodyThatNobodyWantsIsCut() throws InterruptedException {
        Taken request = request("Content-Length: 5\r\nExpect: 100-continue", "");
        Await.result(loop.call(
                () -> Future.succeededFuture(request.request().response().end("refused"))));
        cancel(request);
        assertTrue(client.get().rest().endsWith("\r\n\r\nrefused"));
    }

    @Test
    void whoWasNotToldToSendReadsTheAnswerAlsoWhereTheBodyWasGivenUpBefore() throws InterruptedException {
        Taken request = request("Content-Length: 5\r\nExpect: 100-continue", "ab");
        cancel(request);
        Await.result(loop.call(
                () -> Future.succeededFuture(request.request().response().end("refused"))));
        cancel(request);
        assertTrue(client.get().rest().endsWith("\r\n\r\nrefused"));
    }
}
