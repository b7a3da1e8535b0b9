package us.kbase.caching.http.connection;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.stream.ReceiveBuffer;
import us.kbase.caching.stream.UnclaimedChunks;

/**
 * A request's body behind a read gate: the socket is read only when {@link #next} asks, one buffer at a time, so a slow store
 * leaves the bytes with the client. {@code HttpServerRequest.pause()} is no such bound (docs/adr/0005). Event loop only.
 */
public final class RequestBody implements ByteSource {

    /** Little until a body is asked for: who waits for its turn holds what came with its head, and a thousand may wait. */
    public static final int HEAD_READ_BYTES = 2 * 1024;
    /** The longest chunk of a body. */
    public static final int BODY_READ_BYTES = 256 * 1024;

    /** Of what nobody wants. */
    static final int DROPPED_READ_BYTES = 64 * 1024;

    private static final long LONG_BODY_BYTES = 8 << 20;

    /** Of the heap for each chunk that waits, however short it is: one read of a body in chunks may bring forty thousand. */
    private static final int CHUNK_BYTES = 128;

    private static final int STARVED_TICKS_MAX = 4;

    private final ClientTimeouts timeouts;
    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Channel channel;
    private final ReadPolicy reads;
    private final Deque<Buffer> arrived = new ArrayDeque<>();
    private final long watchdog;
    private @Nullable Promise<Buffer> asked;
    private @Nullable Throwable broken;
    private Consumer<Throwable> told = cause -> {};
    private boolean begun;
    private boolean continued;
    private boolean complete;
    private boolean discarding;
    private int starvedTicks;
    private long windowBytes;
    private long paidBytes;

    /** Closes the gate, with the usual patience. */
    public RequestBody(Vertx vertx, HttpServerRequest request) {
        this(vertx, request, ClientTimeouts.USUAL);
    }

    /** Closes the gate. To be called before anything asynchronous happens with the request. */
    public RequestBody(Vertx vertx, HttpServerRequest request, ClientTimeouts timeouts) {
        this.timeouts = timeouts;
        this.vertx = vertx;
        this.request = request;
        this.channel = ((ConnectionBase) request.connection()).channel();
        this.reads = ReadPolicy.of(channel);
        this.continued = request.version() == HttpVersion.HTTP_1_0
                || !"100-continue".equalsIgnoreCase(request.getHeader("Expect"));
        client().ifPresent(ClientConnection::wantsBody);
        channel.config().setAutoRead(false);
        this.watchdog = vertx.setPeriodic(timeouts.body().toMillis() / STARVED_TICKS_MAX, id -> tick());
        request.handler(this::arrive);
        // The end is an element of the queue too: it must not overtake bytes that still wait.
        request.endHandler(v -> end());
        request.exceptionHandler(cause -> fail(new Failure.ClientGone(cause)));
    }

    /** What the request's head says, or {@link Body#UNKNOWN}. */
    public long lengthBytes() {
        String header = request.getHeader("Content-Length");
        try {
            return header == null ? Body.UNKNOWN : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return Body.UNKNOWN;
        }
    }

    @Override
    public Future<Buffer> next() {
        Buffer ready = arrived.poll();
        if (ready != null) {
            if (arrived.isEmpty()) {
                giveBack();
            }
            return Future.succeededFuture(ready);
        }
        if (broken != null) {
            return Future.failedFuture(broken);
        }
        if (complete) {
            return Future.succeededFuture(END);
        }
        Promise<Buffer> promise = Promise.promise();
        asked = promise;
        if (!begun) {
            begun = true;
            begin();
        }
        reads.passedOn(BODY_READ_BYTES);
        ReadPolicy.once(channel);
        return promise.future();
    }

    private void begin() {
        if (!continued) {
            continued = true;
            request.response().writeContinue().onFailure(this::fail);
        }
        if (lengthBytes() == Body.UNKNOWN || lengthBytes() > LONG_BODY_BYTES) {
            ReceiveBuffer.automatic(channel);
        }
    }

    private void arrive(Buffer chunk) {
        windowBytes += chunk.length();
        if (!UnclaimedChunks.take(channel, chunk)) {
            return;
        }
        if (discarding || broken != null || chunk.length() == 0) {
            Chunk.release(chunk);
            return;
        }
        Promise<Buffer> promise = asked;
        if (promise == null) {
            keep(chunk);
        } else {
            asked = null;
            promise.complete(chunk);
        }
    }

    /**
     * What comes through a shut gate. The first of it came with the head; more comes with one read of a chunked body, and from a
     * client that sends no more, which Netty reads to its end whatever its gate says. Such a client has left, mostly, so there must
     * be room to spare.
     */
    private void keep(Buffer chunk) {
        channel.config().setAutoRead(false); // Vert.x opens it again behind a request that had to wait
        if (arrived.isEmpty() || isPaidFor(chunk)) {
            arrived.add(chunk);
        } else {
            Chunk.release(chunk);
            fail(new Failure.ClientGone(null));
            client().ifPresent(ClientConnection::cut);
        }
    }

    private boolean isPaidFor(Buffer chunk) {
        int price =
                CHUNK_BYTES + (Chunk.isCounted(chunk) ? 0 : chunk.length()); // its bytes outside the heap are paid for
        boolean paid = client().filter(client -> client.payment().tryGrowWithRoomToSpare(price))
                .isPresent();
        paidBytes += paid ? price : 0;
        return paid;
    }

    private void giveBack() {
        long paid = paidBytes;
        paidBytes = 0;
        client().ifPresent(client -> client.payment().shrink(paid));
    }

    private Optional<ClientConnection> client() {
        return ClientConnection.of(channel);
    }

    private void end() {
        complete = true;
        release();
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(END);
        }
    }

    private void fail(Throwable cause) {
        if (broken == null) {
            broken = cause;
            release();
            drop();
            Promise<Buffer> promise = asked;
            if (promise != null) {
                asked = null;
                promise.fail(cause);
            }
            told.accept(cause);
        }
    }

    @Override
    public void whenBroken(Consumer<Throwable> listener) {
        told = listener;
        Throwable already = broken;
        if (already != null) {
            listener.accept(already);
        }
    }

    /** Time counts against the client only while we wait for it. */
    private void tick() {
        if (asked == null) {
            return;
        }
        if (++starvedTicks >= STARVED_TICKS_MAX) {
            if (windowBytes < timeouts.bodyBytesMin()) {
                fail(new Failure.TooSlow("The upload was slower than 1000 bytes a second"));
            }
            starvedTicks = 0;
            windowBytes = 0;
        }
    }

    /** Without this the next request on the connection would never be read. */
    private void release() {
        vertx.cancelTimer(watchdog);
        reads.usual(HEAD_READ_BYTES);
        ReadPolicy.automatic(channel);
    }

    /** Drops what is still to come, for a while: a client in the middle of sending gets to read the answer. */
    @Override
    public void cancel() {
        if (discarding) {
            return;
        }
        discarding = true;
        drop();
        if (complete) {
            return; // the connection may be another request's already
        }
        release();
        reads.usual(DROPPED_READ_BYTES);
        if (!continued) {
            close(); // whether the body or another request comes next is the client's choice, and not to be guessed
        } else if (!(broken instanceof Failure.ClientGone)) {
            long timer = vertx.setTimer(timeouts.linger().toMillis(), id -> close());
            request.endHandler(v -> {
                reads.usual(HEAD_READ_BYTES);
                vertx.cancelTimer(timer);
            });
            request.exceptionHandler(cause -> vertx.cancelTimer(timer));
        }
    }

    private void drop() {
        arrived.forEach(Chunk::release);
        arrived.clear();
        giveBack();
    }

    private void close() {
        request.connection().close().onFailure(this::fail);
    }
}
