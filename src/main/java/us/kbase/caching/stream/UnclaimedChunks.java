package us.kbase.caching.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Owns what a connection read into {@link ForwardPool} until somebody takes it. Vert.x drops chunks of an abandoned request, and
 * chunks still queued when the connection closes, without releasing memory that it did not allocate. Event loop of the connection
 * only.
 */
public final class UnclaimedChunks extends ChannelInboundHandlerAdapter {

    private static final String NAME = "untaken";
    private static final String BEFORE_VERTX = "handler";

    private final Deque<ByteBuf> untaken = new ArrayDeque<>();

    private UnclaimedChunks() {}

    /** Begins with a new connection. */
    public static void watch(Channel channel) {
        channel.pipeline().addBefore(BEFORE_VERTX, NAME, new UnclaimedChunks());
    }

    /** Whether the chunk is now the caller's, to be released by it; if not, its memory is another's already. */
    public static boolean take(Channel channel, Buffer chunk) {
        ByteBuf bytes = ((BufferImpl) chunk).byteBuf();
        return !(bytes.alloc() instanceof ForwardPool)
                || channel.pipeline().get(NAME) instanceof UnclaimedChunks owner && owner.take(bytes);
    }

    /** In the order in which they came; what was dropped before is released. */
    private boolean take(ByteBuf bytes) {
        ByteBuf first = untaken.poll();
        while (first != null && first != bytes) {
            first.release();
            first = untaken.poll();
        }
        return first != null;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpContent content && content.content().alloc() instanceof ForwardPool)) {
            context.fireChannelRead(message);
        } else if (ReadPolicy.of(context.channel()).isPassedOn()) {
            pass(context, content.content().retain(), message);
        } else {
            context.fireChannelRead(onHeap(content));
        }
    }

    /** Of a message behind the one whose bytes are passed on: Vert.x may keep it for later, and then release it or not. */
    private static HttpContent onHeap(HttpContent content) {
        HttpContent copy = content.replace(Unpooled.copiedBuffer(content.content()));
        content.release();
        return copy;
    }

    /** With a count of its own meanwhile: what answers no request is released by Vert.x. */
    private void pass(ChannelHandlerContext context, ByteBuf bytes, Object message) {
        untaken.add(bytes);
        try {
            context.fireChannelRead(message);
        } finally {
            if (bytes.refCnt() == 1 && untaken.peekLast() == bytes) {
                untaken.removeLast();
            }
            bytes.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        context.fireChannelInactive();
        untaken.forEach(ByteBuf::release);
        untaken.clear();
    }
}
