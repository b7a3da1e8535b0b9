package us.kbase.caching.http.connection;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.stream.ReceiveBuffer;
import us.kbase.caching.stream.SocketSource;

/**
 * A request's body behind a read gate: the socket is read only when {@link #next} asks, one buffer at a time, so a slow store
 * leaves the bytes with the client. {@code HttpServerRequest.pause()} is no such bound (docs/adr/0005). Event loop only.
 */
public final class RequestBody extends SocketSource {

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
    private final long watchdog;
    private boolean begun;
    private boolean continued;
    private int starvedTicks;
    private long windowBytes;
    private long paidBytes;

    /** Closes the gate, with the usual patience. */
    public RequestBody(Vertx vertx, HttpServerRequest request) {
        this(vertx, request, ClientTimeouts.USUAL);
    }

    /** Closes the gate. To be called before anything asynchronous happens with the request. */
    public RequestBody(Vertx vertx, HttpServerRequest request, ClientTimeouts timeouts) {
        super(((ConnectionBase) request.connection()).channel());
        this.timeouts = timeouts;
        this.vertx = vertx;
        this.request = request;
        this.channel = ((ConnectionBase) request.connection()).channel();
        this.reads = ReadPolicy.of(channel);
        this.continued = request.version() == HttpVersion.HTTP_1_0
                || !"100-continue".equalsIgnoreCase(request.getHeader("Expect"));
        client().ifPresent(ClientConnection::wantsBody);
        this.watchdog = vertx.setPeriodic(timeouts.body().toMillis() / STARVED_TICKS_MAX, id -> tick());
        request.handler(chunk -> {
            windowBytes += chunk.length();
            arrive(chunk);
        });
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
    protected void reading() {
        if (!begun) {
            begun = true;
            begin();
        }
        reads.passedOn(BODY_READ_BYTES);
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

    /**
     * What comes through a shut gate. The first of it came with the head; more comes with one read of a chunked body, and from a
     * client that sends no more, which Netty reads to its end whatever its gate says. Such a client has left, mostly, so there must
     * be room to spare.
     */
    @Override
    protected boolean mayWait(Buffer chunk, boolean first) {
        channel.config().setAutoRead(false); // Vert.x opens it again behind a request that had to wait
        if (first || isPaidFor(chunk)) {
            return true;
        }
        fail(new Failure.ClientGone(null));
        client().ifPresent(ClientConnection::cut);
        return false;
    }

    private boolean isPaidFor(Buffer chunk) {
        int price =
                CHUNK_BYTES + (Chunk.isCounted(chunk) ? 0 : chunk.length()); // its bytes outside the heap are paid for
        boolean paid = client().filter(client -> client.payment().tryGrowWithRoomToSpare(price))
                .isPresent();
        paidBytes += paid ? price : 0;
        return paid;
    }

    @Override
    protected void emptied() {
        long paid = paidBytes;
        paidBytes = 0;
        client().ifPresent(client -> client.payment().shrink(paid));
    }

    private Optional<ClientConnection> client() {
        return ClientConnection.of(channel);
    }

    @Override
    protected void over(boolean brokenOff) {
        openGate();
        if (brokenOff) {
            release();
        }
    }

    /** Without this the next request on the connection would never be read. */
    private void openGate() {
        vertx.cancelTimer(watchdog);
        reads.usual(HEAD_READ_BYTES);
        ReadPolicy.automatic(channel);
    }

    /** Time counts against the client only while we wait for it. */
    private void tick() {
        if (!isAsked()) {
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

    /**
     * Drops what is still to come, for a while: a client in the middle of sending gets to read the answer. Where the client waits to be
     * told to send, the connection ends when this is called behind the answer, again or for the first time.
     */
    @Override
    public void cancel() {
        boolean first = !isDropped();
        if (first) {
            drop();
        }
        if (isComplete()) {
            return; // the connection may be another request's already
        }
        if (first) {
            dropRest();
        }
        if (!continued && request.response().ended()) {
            close(); // whether the body or another request comes next is the client's choice, and not to be guessed
        }
    }

    private void dropRest() {
        openGate();
        reads.usual(DROPPED_READ_BYTES);
        if (continued && brokenBy().filter(Failure.ClientGone.class::isInstance).isEmpty()) {
            long timer = vertx.setTimer(timeouts.linger().toMillis(), id -> close());
            request.endHandler(v -> {
                reads.usual(HEAD_READ_BYTES);
                vertx.cancelTimer(timer);
            });
            request.exceptionHandler(cause -> vertx.cancelTimer(timer));
        }
    }

    private void close() {
        request.connection().close().onFailure(this::fail);
    }
}
