package us.kbase.caching.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which a request began and its headers do not end: an idle timeout never sees a client that sends a
 * byte now and then. A connection without a begun request is left to the idle timeout. One per connection, on its event loop.
 */
final class HeadDeadline extends ChannelInboundHandlerAdapter {

    private final long millis;
    private final Runnable close;
    private boolean between = true;
    private int messages;
    private @Nullable ScheduledFuture<?> timer;

    private HeadDeadline(Duration patience, Runnable close) {
        this.millis = patience.toMillis();
        this.close = close;
    }

    /** Watches a connection on both sides of its decoder. */
    static void watch(ChannelPipeline pipeline, String decoder, Duration patience, Runnable close) {
        HeadDeadline deadline = new HeadDeadline(patience, close);
        pipeline.addBefore(decoder, "head bytes", deadline.new Bytes());
        pipeline.addAfter(decoder, "head deadline", deadline);
    }

    /** Sees bytes before they are decoded. */
    private final class Bytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            messages = 0;
            context.fireChannelRead(bytes);
            if (between && messages == 0 && timer == null) {
                await(context);
            }
        }

        private void await(ChannelHandlerContext context) {
            timer = context.executor().schedule(() -> late(context), millis, TimeUnit.MILLISECONDS);
        }

        /** While we do not read, the client is not to blame. */
        private void late(ChannelHandlerContext context) {
            if (context.channel().config().isAutoRead()) {
                close.run();
            } else {
                await(context);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        messages++;
        if (message instanceof HttpRequest) {
            between = false;
            stop();
        }
        if (message instanceof LastHttpContent) {
            between = true;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    private void stop() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }
}
