package us.kbase.caching.http.connection;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.InstantSource;
import us.kbase.caching.text.HttpDate;

/**
 * Says in every reply when it was made, also in those that a connection gives before a request is routed (RFC 9110 section
 * 6.6.1). Shared by the connections of one event loop, and used on it only: the text is made once a second.
 */
@ChannelHandler.Sharable
public final class DateHeader extends ChannelOutboundHandlerAdapter {

    private final InstantSource clock;
    private long second = Long.MIN_VALUE;
    private AsciiString text = AsciiString.EMPTY_STRING;

    public DateHeader(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            response.headers().set(HttpHeaderNames.DATE, now());
        }
        super.write(context, message, promise);
    }

    private CharSequence now() {
        long current = Math.floorDiv(clock.millis(), 1000L);
        if (current != second) {
            second = current;
            text = AsciiString.of(HttpDate.format(Instant.ofEpochSecond(current)));
        }
        return text;
    }
}
