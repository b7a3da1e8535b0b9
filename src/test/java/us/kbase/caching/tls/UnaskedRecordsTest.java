package us.kbase.caching.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** How many short records TLS may write of itself before the socket takes them. */
class UnaskedRecordsTest {

    private static final int KEY_UPDATE_BYTES = 27;

    /** Stands for TLS: writes a record of its own for each that comes, and the application's when it flushes. */
    private static final class Tls extends ChannelOutboundHandlerAdapter {
        private int asked;

        @Override
        public void flush(ChannelHandlerContext context) throws Exception {
            for (; asked > 0; asked--) {
                write(context, Unpooled.buffer(KEY_UPDATE_BYTES).writeZero(KEY_UPDATE_BYTES), context.newPromise());
            }
        }
    }

    private final Tls tls = new Tls();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private void write(int count) {
        ChannelHandlerContext below = channel.pipeline().context("tls");
        for (int i = 0; i < count; i++) {
            below.write(Unpooled.buffer(KEY_UPDATE_BYTES).writeZero(KEY_UPDATE_BYTES))
                    .addListener(done -> {});
        }
        channel.runPendingTasks();
    }

    private void bound() {
        channel.pipeline().addLast("tls", tls).addLast("application", new ChannelInboundHandlerAdapter());
        UnaskedRecords.bound(channel.pipeline(), "tls");
    }

    @Test
    void thoseThatAreTakenDoNotCount() {
        bound();
        for (int i = 0; i < 10; i++) {
            write(UnaskedRecords.UNTAKEN_MAX);
            channel.pipeline().context("tls").flush();
        }
        assertTrue(channel.isOpen());
        channel.releaseOutbound();
    }

    @Test
    void moreThanTheBoundCutTheConnection() {
        bound();
        write(UnaskedRecords.UNTAKEN_MAX);
        assertTrue(channel.isOpen());
        write(1);
        assertFalse(channel.isOpen());
        channel.releaseOutbound();
    }

    @Test
    void whatTheApplicationSendsDoesNotCount() {
        bound();
        tls.asked = 10 * UnaskedRecords.UNTAKEN_MAX;
        channel.pipeline().flush();
        channel.runPendingTasks();
        assertTrue(channel.isOpen());
        channel.finishAndReleaseAll();
    }
}
