package us.kbase.caching.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the records that TLS writes of itself. It answers each request for new keys (KeyUpdate, RFC 8446 section 4.6.3), and a client
 * that sends those without end and reads nothing would make it keep answers without end. Such a client is cut. Between the socket and
 * TLS; one per connection, on its event loop.
 */
final class UnaskedRecords extends ChannelOutboundHandlerAdapter {

    /** A client asks for new keys once in many gigabytes, and a handshake has fewer such records. */
    static final int UNTAKEN_MAX = 32;

    /** An answer to a KeyUpdate has 27 bytes; what was handed to TLS to be sent is longer nearly always. */
    private static final int SHORT_BYTES = 64;

    private static final Logger log = LoggerFactory.getLogger(UnaskedRecords.class);

    private int untaken;
    private boolean flushing;

    private UnaskedRecords() {}

    /** Adds itself on both sides of the handler of that name. */
    static void bound(ChannelPipeline pipeline, String tls) {
        UnaskedRecords records = new UnaskedRecords();
        pipeline.addBefore(tls, "tls unasked records", records);
        pipeline.addAfter(tls, "tls asked records", records.new Asked());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (flushing || !(message instanceof ByteBuf record) || record.readableBytes() > SHORT_BYTES) {
            super.write(context, message, promise);
            return;
        }
        ByteBuf own = Unpooled.copiedBuffer(record); // the engine makes room for 16 KiB each
        record.release();
        untaken++;
        super.write(context, own, promise.unvoid().addListener(written -> untaken--));
        if (untaken > UNTAKEN_MAX) {
            log.debug("A client that takes no records of TLS is cut");
            close(context, context.newPromise());
        }
    }

    /** Tells what the application has TLS write: that is paid for and bounded elsewhere. */
    private final class Asked extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext context) {
            flushing = true;
            try {
                context.flush();
            } finally {
                flushing = false;
            }
        }
    }
}
