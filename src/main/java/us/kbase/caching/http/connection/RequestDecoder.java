package us.kbase.caching.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ByteProcessor;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.stream.ReadPolicy;

/**
 * Decodes one request at a time, in place of Vert.x' own decoder: a head that is not paid for, or has too many headers, is never
 * made, and the next one is not begun before the reply to the one before has left. What came of it meanwhile stays as bytes, and
 * no more of them are read. One per connection, on its event loop.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {

    private final Exchange exchange;
    private final OpenHead head;
    private @Nullable ByteBuf decoding;
    private int lineFrom;
    private At at = At.BETWEEN;
    private boolean refused;
    private boolean inputEnded;
    private boolean shut;

    private enum At {
        BETWEEN,
        HEAD,
        BODY
    }

    /** What the connection says to its decoder, and hears from it. */
    interface Exchange {
        /** Whether the request before has ended, and the reply to it has left. */
        boolean mayBegin();

        /** The first byte of a head came. */
        void began();

        /** Bytes of a head came, and it has not ended. */
        void headIsOpen();

        /** A line of that length made the decoder's buffer grow, which it keeps. */
        void keeps(int lineBytes);

        /** So many bytes of next requests wait, more and more of them when the client sends no more: it is read to its end. */
        void holds(int bytes);

        /** Bytes came that nobody reads any more; whether that is so. */
        boolean drops(int bytes);
    }

    RequestDecoder(HttpServerOptions options, OpenHead head, Exchange exchange) {
        super(options);
        this.head = head;
        this.exchange = exchange;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object input) throws Exception {
        if (input instanceof ByteBuf bytes && exchange.drops(bytes.readableBytes())) {
            bytes.release();
            return;
        }
        super.channelRead(context, input);
        if (holds()) {
            shut = true;
            context.channel().config().setAutoRead(false);
            exchange.holds(actualReadableBytes());
        }
    }

    /** The class above reads on where nothing was decoded. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (holds()) {
            context.fireChannelReadComplete();
        } else {
            super.channelReadComplete(context);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (at == At.BETWEEN && !begins(in, out)) {
            return;
        }
        decoding = in;
        lineFrom = in.readerIndex();
        super.decode(context, in, out);
        if (out.isEmpty()) {
            payForTheRest(in, out);
            return;
        }
        if (at == At.HEAD && out.getFirst() instanceof HttpRequest) {
            at = At.BODY;
            head.ended();
        }
        if (out.getLast() instanceof LastHttpContent) {
            at = At.BETWEEN;
        }
    }

    /** Whether a head may be decoded; if not, nothing of it was read. */
    private boolean begins(ByteBuf in, List<Object> out) {
        if (!exchange.mayBegin() || !skipBlankLines(in)) {
            return false;
        }
        try {
            exchange.began();
            at = At.HEAD;
            head.begin();
            return true;
        } catch (HeadRefusal noRoom) {
            refuse(in, out, noRoom);
            return false;
        }
    }

    /**
     * Whether something stands behind empty lines, which are no request (RFC 9112 section 2.2): a head that they began would be
     * refused or not by the pieces that they came in.
     */
    private static boolean skipBlankLines(ByteBuf in) {
        int start = in.forEachByte(ByteProcessor.FIND_NON_CRLF);
        in.skipBytes(start < 0 ? in.readableBytes() : start - in.readerIndex());
        return start >= 0;
    }

    private void payForTheRest(ByteBuf in, List<Object> out) {
        try {
            head.unfinished(in.readableBytes());
            if (at == At.HEAD) {
                exchange.headIsOpen();
            }
        } catch (HeadRefusal noRoom) {
            refuse(in, out, noRoom);
        }
    }

    private void refuse(ByteBuf in, List<Object> out, HeadRefusal why) {
        refused = true;
        in.skipBytes(in.readableBytes());
        HttpObject invalid = at == At.HEAD ? createInvalidMessage() : new DefaultLastHttpContent();
        invalid.setDecoderResult(DecoderResult.failure(why));
        out.add(invalid);
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        head.line(lineBytes());
        return super.createMessage(initialLine);
    }

    /** Called before anything is made of a header's or a trailer's line. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (decoding != null) { // null in the constructor of the class above
            head.header(lineBytes());
        }
        return super.splitHeaderName(line, start, length);
    }

    private int lineBytes() {
        int end = decoding == null ? 0 : decoding.readerIndex();
        int bytes = end - lineFrom;
        lineFrom = end;
        exchange.keeps(bytes);
        return bytes;
    }

    /** With the version that clients speak, so that they understand the reply. */
    @Override
    protected HttpMessage createInvalidMessage() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", HeadersMultiMap.httpHeaders());
    }

    /** Whether bytes of a next request are here that has not begun: it may not yet, or is about to. */
    boolean hasNext() {
        return at == At.BETWEEN && !refused && actualReadableBytes() > 0;
    }

    private boolean holds() {
        return hasNext() && !exchange.mayBegin();
    }

    /** The reply has left: goes on with what is held, if the connection has not ended meanwhile. */
    void resume(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(this);
        if (context == null || !exchange.mayBegin()) {
            return;
        }
        if (shut) {
            shut = false;
            ReadPolicy.automatic(channel);
        }
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER);
            context.fireChannelReadComplete();
            if (inputEnded && !hasNext()) {
                inputEnded = false;
                super.userEventTriggered(context, ChannelInputShutdownEvent.INSTANCE);
            }
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    /** Whether there is something to go on with. */
    boolean waits() {
        return shut || inputEnded || actualReadableBytes() > 0;
    }

    /** Who sends no more may have sent requests that were not begun: they are answered. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent && hasNext()) {
            inputEnded = true;
            context.fireUserEventTriggered(event);
            return;
        }
        super.userEventTriggered(context, event);
    }
}
