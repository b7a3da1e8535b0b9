package us.kbase.caching.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerOptions;
import java.util.function.LongPredicate;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.transit.Reads;

/**
 * One client's connection: a request at a time, from the first byte of its head until its reply has left. Every body stays shut
 * until a route asks for it ({@link #wantsBody}); one that no route asked for is dropped behind the reply within a bound, or the
 * reply says that the connection closes. A close that the reply announced waits until the client has read it: closing a
 * connection with bytes unread resets it, and the reply is lost (RFC 9112 section 9.6). One per connection, on its event loop.
 */
final class ClientConnection extends ChannelDuplexHandler implements RequestDecoder.Exchange {

    /** The longest body that is dropped to keep a connection. */
    static final int DROPPED_BYTES_MAX = 64 * 1024;

    /** In the pipeline. */
    static final String NAME = "client";

    private static final String DECODER = "httpDecoder";
    /** The decoder's buffers up to that length fit into what a connection is paid for. */
    private static final int BUFFER_BYTES = 512;

    private final Loop loop;
    private final Channel channel;
    private final Budget.Payment own;
    private final OpenHead head;
    private final RequestDecoder decoder;
    private final ConnectionDeadline deadline;
    private final RequestBody body = new RequestBody();
    private int bufferBytes = BUFFER_BYTES;
    private boolean underWay;
    private boolean closing;
    private boolean ending;
    private long droppedBytes;

    /**
     * What the connections of a loop share.
     *
     * @param heads pays for requests' heads
     */
    record Loop(Connections connections, Replies replies, Budget heads, Patience patience, HttpServerOptions options) {}

    private ClientConnection(Loop loop, Channel channel, Budget.Payment own) {
        this.loop = loop;
        this.channel = channel;
        this.own = own;
        this.head = new OpenHead(loop.heads(), () -> loop.connections().closeUnfinished(this));
        this.deadline = new ConnectionDeadline(channel, this::cut);
        this.decoder = new RequestDecoder(loop.options(), head, this);
    }

    /** Takes a new connection, paid for by that. */
    static ClientConnection watch(Channel channel, Loop loop, Budget.Payment own) {
        ClientConnection connection = new ClientConnection(loop, channel, own);
        channel.pipeline().replace(DECODER, DECODER, connection.decoder);
        channel.pipeline().addBefore("handler", NAME, connection);
        loop.connections().idle(connection);
        return connection;
    }

    /** The route of the present request takes its body, and answers for it. */
    static void wantsBody(Channel channel) {
        if (channel.pipeline().get(NAME) instanceof ClientConnection connection) {
            connection.body.wanted();
        }
    }

    /** Whether there is room to spare for bytes that nobody asked for yet; they are paid for until the connection ends. */
    static boolean pays(Channel channel, int bytes) {
        return channel.pipeline().get(NAME) instanceof ClientConnection connection
                && connection.own.tryGrowWithRoomToSpare(bytes);
    }

    /** Ends the connection at once. */
    static void cut(Channel channel) {
        if (channel.pipeline().get(NAME) instanceof ClientConnection connection) {
            connection.cut();
        }
    }

    /** What it is paid for with. */
    Budget.Payment payment() {
        return own;
    }

    Channel channel() {
        return channel;
    }

    /** Ends it, whose head gives way to another. */
    void giveWay() {
        cut();
        head.giveBack();
    }

    /** Ends it at once, whatever has not left. */
    void cut() {
        ChannelHandlerContext here = channel.pipeline().context(this);
        if (here != null) {
            here.close().addListener(ClientConnection::tried); // not by Vert.x, which waits until everything has left
        }
    }

    private static void tried(Future<?> end) {
        if (!end.isSuccess()) {
            AccessLog.replyFailed(end.cause());
        }
    }

    /** Whether a next request waits for the reply to the present one. */
    boolean holdsNext() {
        return decoder.holds();
    }

    @Override
    public boolean mayBegin() {
        return !underWay && !closing && !body.isOpen();
    }

    @Override
    public void began() {
        underWay = true;
        loop.connections().busy(this);
    }

    @Override
    public void headIsOpen() {
        loop.connections().unfinished(this);
        deadline.run(loop.patience().head());
    }

    @Override
    public void keeps(int bytes) {
        if (!grows(bytes, own::tryGrow)) {
            throw Refusal.noRoom();
        }
    }

    @Override
    public void holds(int bytes) {
        if (!grows(bytes, own::tryGrowWithRoomToSpare)) {
            cut();
        }
    }

    private boolean grows(int bytes, LongPredicate pays) {
        if (bytes <= bufferBytes) {
            return true;
        }
        int grown = Integer.highestOneBit(bytes - 1) << 1;
        if (!pays.test(grown - bufferBytes)) {
            return false;
        }
        bufferBytes = grown;
        return true;
    }

    @Override
    public boolean drops(int bytes) {
        if (!ending) {
            return false;
        }
        droppedBytes += bytes;
        if (droppedBytes > DROPPED_BYTES_MAX) {
            cut();
        }
        return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ending) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            begin(request);
        }
        boolean last = message instanceof LastHttpContent;
        if (last) {
            bodyEnded();
        }
        context.fireChannelRead(message);
        if (last && !underWay) {
            idle();
        }
    }

    private void begin(HttpRequest request) {
        deadline.stop();
        loop.connections().finished(this);
        underWay = true;
        if (request.decoderResult().isFailure()) {
            closing = true;
        } else if (body.begin(request)) {
            channel.config().setAutoRead(false);
        }
    }

    /** A route that wanted the body opens the connection by itself. */
    private void bodyEnded() {
        if (body.isUnwanted()) {
            Reads.of(channel).usual(GatedRequest.HEAD_READ_BYTES);
            channel.config().setAutoRead(true);
        }
        body.ended();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        ChannelPromise last = promise;
        if (message instanceof HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                body.continued();
                super.write(context, message, promise);
                return;
            }
            announceClose(response);
        }
        if (message instanceof LastHttpContent) {
            loop.replies().written(this);
            last = promise.unvoid().addListener(written -> left(written));
        }
        super.write(context, message, last);
    }

    private void announceClose(HttpResponse response) {
        closing |= body.endsConnection();
        if (closing) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private void left(Future<?> written) {
        loop.replies().left(this);
        head.giveBack();
        underWay = false;
        if (!written.isSuccess()) {
            return; // the connection has ended
        }
        if (closing) {
            end();
        } else if (body.isUnwanted()) {
            drop();
        } else if (!body.isOpen()) {
            idle();
        }
    }

    /** Behind a reply and the whole of its request. */
    private void idle() {
        deadline.stop();
        if (decoder.waits()) {
            channel.eventLoop().execute(this::resume);
        }
        loop.connections().idle(this);
    }

    private void resume() {
        ChannelHandlerContext decoding = channel.pipeline().context(decoder);
        if (decoding != null && mayBegin()) {
            decoder.resume(decoding);
        }
    }

    private void drop() {
        deadline.begin(loop.patience().linger());
        Reads.of(channel).usual(GatedRequest.DROPPED_READ_BYTES);
        channel.config().setAutoRead(true);
    }

    /** Sends no more, and drops what still comes, until the client closes too or has had its time. */
    private void end() {
        DuplexChannel both = (DuplexChannel) channel;
        if (both.isInputShutdown()) {
            cut();
        } else {
            ending = true;
            both.shutdownOutput().addListener(ClientConnection::tried);
            drop();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
        if (ending && channel.isActive()) {
            channel.closeFuture().addListener(closed -> promise.trySuccess());
        } else {
            super.close(context, promise);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (ending && event instanceof ChannelInputShutdownEvent) {
            cut();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.stop();
        loop.replies().left(this);
        loop.connections().busy(this);
        loop.connections().finished(this);
        context.fireChannelInactive();
        head.giveBack();
        own.giveBack();
    }
}
