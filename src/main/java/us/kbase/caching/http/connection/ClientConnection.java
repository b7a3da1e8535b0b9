package us.kbase.caching.http.connection;

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
import java.util.Optional;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.tls.ServerTls;

/**
 * One client's connection: a request at a time, from the first byte of its head until its reply has left. Every body stays shut
 * until a route asks for it ({@link #wantsBody}); one that no route asked for is dropped behind the reply within a bound, or the
 * reply says that the connection closes. A close that the reply announced waits until the client has read it: closing a
 * connection with bytes unread resets it, and the reply is lost (RFC 9112 section 9.6). One per connection, on its event loop.
 */
public final class ClientConnection extends ChannelDuplexHandler implements RequestDecoder.Exchange {

    /** In the pipeline. */
    public static final String NAME = "client";

    private static final String DECODER = "httpDecoder";

    private final ConnectionLoop loop;
    private final Channel channel;
    private final Budget.Payment own;
    private final OpenHead head;
    private final DecoderBuffer buffer;
    private final RequestDecoder decoder;
    private final ConnectionDeadline deadline;
    private final BodyState body = new BodyState();
    private boolean known;
    private boolean underWay;
    private boolean closing;
    private boolean ending;

    private ClientConnection(ConnectionLoop loop, Channel channel, Budget.Payment own) {
        this.loop = loop;
        this.channel = channel;
        this.own = own;
        this.buffer = new DecoderBuffer(own);
        this.head = new OpenHead(loop.heads(), () -> loop.connections().closeUnfinished(this));
        this.deadline = new ConnectionDeadline(channel, this::cut);
        this.decoder = new RequestDecoder(loop.options(), head, this);
    }

    /** Takes a new connection, paid for by that. */
    public static ClientConnection watch(Channel channel, ConnectionLoop loop, Budget.Payment own) {
        ClientConnection connection = new ClientConnection(loop, channel, own);
        channel.pipeline().replace(DECODER, DECODER, connection.decoder);
        channel.pipeline().addBefore("handler", NAME, connection);
        loop.connections().idle(connection);
        return connection;
    }

    /** That of a channel; nothing once it has ended. */
    public static Optional<ClientConnection> of(Channel channel) {
        return Optional.ofNullable(channel.pipeline().get(ClientConnection.class));
    }

    /** The route of the present request takes its body, and answers for it. */
    void wantsBody() {
        body.wanted();
    }

    /** The present request is that user's; false when the user has too many under way. */
    public boolean belongsTo(String user) {
        known = true;
        return head.belongsTo(user);
    }

    /** Whether a request on it was a known user's. */
    boolean isKnown() {
        return known;
    }

    /** What it is paid for with. */
    public Budget.Payment payment() {
        return own;
    }

    public Channel channel() {
        return channel;
    }

    /** Ends it for another, who has its room at once. */
    void giveWay() {
        cut();
        head.giveBack();
        own.giveBack();
    }

    /** Ends it at once, whatever has not left. */
    public void cut() {
        ChannelHandlerContext here = channel.pipeline().context(this);
        if (here != null) { // not by Vert.x, which waits until everything has left
            ServerTls.below(here).close().addListener(ClientConnection::tried);
        }
    }

    private static void tried(Future<?> end) {
        if (!end.isSuccess()) {
            AccessLog.replyFailed(end.cause());
        }
    }

    /** Whether bytes of a next request are here that has not begun. */
    public boolean hasNext() {
        return decoder.hasNext();
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
        deadline.run(loop.timeouts().head());
    }

    @Override
    public void keeps(int bytes) {
        if (!buffer.holdsHead(bytes)) {
            throw HeadRefusal.noRoom();
        }
    }

    @Override
    public void holds(int bytes) {
        if (!buffer.holdsNext(bytes)) {
            cut();
        }
    }

    @Override
    public boolean drops(int bytes) {
        if (ending && body.dropsTooMuch(bytes)) {
            cut();
        }
        return ending;
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
            ReadPolicy.of(channel).usual(RequestBody.HEAD_READ_BYTES);
            ReadPolicy.automatic(channel);
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
        if (written.isSuccess()) { // else the connection has ended
            goOn();
        }
    }

    private void goOn() {
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
            channel.eventLoop().execute(() -> decoder.resume(channel));
        }
        loop.connections().idle(this);
    }

    private void drop() {
        deadline.begin(loop.timeouts().linger());
        ReadPolicy.of(channel).usual(RequestBody.DROPPED_READ_BYTES);
        ReadPolicy.automatic(channel);
    }

    /** Sends no more, and drops what still comes, until the client closes too or has had its time. */
    private void end() {
        DuplexChannel both = (DuplexChannel) channel;
        if (both.isInputShutdown()) {
            cut();
        } else {
            ending = true;
            ServerTls.goodbye(channel).addListener(said -> both.shutdownOutput().addListener(ClientConnection::tried));
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
