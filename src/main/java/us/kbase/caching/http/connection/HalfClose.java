package us.kbase.caching.http.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.BooleanSupplier;

/**
 * Answers a client that sent a whole body and then closed its own direction. Elsewhere such an end means that the client has
 * left, as it does for one that closes the connection: in the middle of a body, while it waits for a lease, or takes a file. One
 * per connection, on its event loop.
 */
public final class HalfClose extends ChannelDuplexHandler {

    private static final String LEASE = "/lease";

    private final Runnable close;
    private final BooleanSupplier hasNext;
    private boolean inBody;
    private boolean waitsForItsBody;
    private boolean ended;
    private int unanswered;

    private HalfClose(BooleanSupplier hasNext, Runnable close) {
        this.hasNext = hasNext;
        this.close = close;
    }

    /**
     * Watches a connection, between its decoder and that handler.
     *
     * @param hasNext whether bytes of a request came that has not begun
     */
    public static void watch(Channel channel, String handler, BooleanSupplier hasNext, Runnable close) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addBefore(handler, "half close", new HalfClose(hasNext, close));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            inBody = true;
            unanswered++;
            boolean sends =
                    request.method().equals(HttpMethod.POST) || request.method().equals(HttpMethod.PUT);
            waitsForItsBody = sends && !asksForALease(request.uri());
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
        }
        context.fireChannelRead(message);
    }

    /** Whether the path before the query ends with a lease's segment, with or without a slash behind it. */
    public static boolean asksForALease(String uri) {
        int query = uri.indexOf('?');
        int end = query < 0 ? uri.length() : query;
        end -= end > 0 && uri.charAt(end - 1) == '/' ? 1 : 0;
        return uri.startsWith(LEASE, end - LEASE.length());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ended = true;
            boolean left = unanswered == 0 ? !hasNext.getAsBoolean() : inBody || !waitsForItsBody;
            if (left) {
                close.run();
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        ChannelPromise last = promise;
        boolean goOn = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof LastHttpContent && !goOn) {
            unanswered--;
            if (ended && unanswered == 0 && !hasNext.getAsBoolean()) {
                last = promise.unvoid().addListener(written -> close.run());
            }
        }
        super.write(context, message, last);
    }
}
