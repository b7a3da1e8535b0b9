package us.kbase.caching.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import us.kbase.caching.stream.ForwardPool;
import us.kbase.caching.stream.ReadPolicy;

/**
 * Joins the records that one read of a secured connection brought, and passes them on as one buffer, of the memory that a plain
 * connection would have read them into. A client's goodbye (RFC 8446 section 6.1) counts as the end of its direction, as TCP's does.
 * One per connection, on its event loop.
 */
final class TlsRecords extends ChannelInboundHandlerAdapter {

    private final Deque<ByteBuf> records = new ArrayDeque<>();
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf record = (ByteBuf) message;
        bytes += record.readableBytes();
        records.add(record);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        pass(context);
        context.fireChannelReadComplete();
    }

    private void pass(ChannelHandlerContext context) {
        boolean passedOn = ReadPolicy.of(context.channel()).isPassedOn();
        while (bytes > 0) {
            ByteBuf joined = passedOn ? ForwardPool.nextOrHeap(bytes) : Unpooled.buffer(bytes);
            fill(joined);
            context.fireChannelRead(joined);
        }
        release();
    }

    private void fill(ByteBuf joined) {
        while (joined.isWritable() && bytes > 0) {
            ByteBuf record = records.element();
            int length = Math.min(joined.writableBytes(), record.readableBytes());
            joined.writeBytes(record, length);
            bytes -= length;
            if (!record.isReadable()) {
                records.remove().release();
            }
        }
    }

    private void release() {
        records.forEach(ByteBuf::release);
        records.clear();
        bytes = 0;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        pass(context);
        boolean goodbye = event instanceof SslCloseCompletionEvent ended && ended.isSuccess();
        context.fireUserEventTriggered(goodbye ? ChannelInputShutdownEvent.INSTANCE : event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pass(context);
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }
}
