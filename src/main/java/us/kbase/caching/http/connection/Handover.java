package us.kbase.caching.http.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection whose request Vert.x took and brought to no handler. Vert.x closes a connection when it fails with a request,
 * but what fails in its metrics fails there again while the failure is counted, and then nothing closes it: the client would wait
 * for ever (docs/adr/0043). One per connection, on its event loop.
 */
public final class Handover extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(Handover.class);

    private final Runnable cut;
    private boolean heard;

    private Handover(Runnable cut) {
        this.cut = cut;
    }

    /** Watches a new connection. */
    public static void watch(Channel channel, Runnable cut) {
        channel.pipeline().addBefore("handler", "handover", new Handover(cut));
    }

    /** Calls that handler, and notes that a request has come to it. */
    public static Handler<HttpServerRequest> to(Handler<HttpServerRequest> handler) {
        return request -> {
            Channel channel = ((ConnectionBase) request.connection()).channel();
            Handover watched = channel.pipeline().get(Handover.class);
            if (watched != null) {
                watched.heard = true;
            }
            handler.handle(request);
        };
    }

    /** A connection gives Vert.x one request at a time, so each comes to its handler at once. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = !(message instanceof HttpRequest);
        context.fireChannelRead(message);
        if (!heard && context.channel().isActive()) {
            log.error("A request came to no handler; its connection is closed without an answer");
            cut.run();
        }
    }
}
