package us.kbase.caching.transit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.RawConnection;

/** What the kernel takes from a client whose connection is not read any more. */
class ReceiveBufferTest {

    private static final long READ_BYTES = 64L << 20;
    private static final long TAKEN_BYTES_MAX = 1L << 20;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final AtomicLong read = new AtomicLong();
    private final AtomicBoolean supported = new AtomicBoolean();

    @BeforeEach
    void onSystemsThatKnowIt() {
        assumeTrue(vertx.isNativeTransportEnabled(), "needs the native transport");
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void afterALongBodyItStaysSmall() {
        long taken = takenUnread(ReceiveBuffer::small);
        assertTrue(taken <= TAKEN_BYTES_MAX, taken + " bytes taken");
    }

    @Test
    void automaticItGrowsWithWhatWasRead() {
        long taken = takenUnread(channel -> {
            ReceiveBuffer.small(channel);
            supported.set(ReceiveBuffer.automatic(channel));
        });
        assumeTrue(supported.get(), "needs Linux 5.14");
        assertTrue(taken > TAKEN_BYTES_MAX, taken + " bytes taken");
    }

    private long takenUnread(Consumer<Channel> setUp) {
        NetServer server = Await.result(vertx.createNetServer()
                .connectHandler(socket -> {
                    Channel channel =
                            ((NetSocketInternal) socket).channelHandlerContext().channel();
                    setUp.accept(channel);
                    socket.handler(bytes -> {
                        if (read.addAndGet(bytes.length()) >= READ_BYTES) {
                            channel.config().setAutoRead(false);
                        }
                    });
                })
                .listen(0, "127.0.0.1"));
        AtomicLong sent = new AtomicLong();
        try (RawConnection client = new RawConnection(server.actualPort())) {
            Thread.startVirtualThread(() -> push(client, sent));
            Await.until("the body to be read", () -> read.get() >= READ_BYTES);
            return Await.settled(sent) - read.get();
        }
    }

    private static void push(RawConnection client, AtomicLong sent) {
        byte[] some = new byte[64 << 10];
        try {
            while (true) {
                client.send(some, 0, some.length);
                sent.addAndGet(some.length);
            }
        } catch (UncheckedIOException closed) {
            // the test is over
        }
    }
}
