package us.kbase.caching.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.UncheckedIOException;
import java.util.List;
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

    /** socket.h: SO_BUF_LOCK of SOL_SOCKET, and SOCK_RCVBUF_LOCK in it. */
    private static final IntegerUnixChannelOption LOCK = new IntegerUnixChannelOption("lock", 1, 72);

    private static final int RECEIVE_BUFFER_IS_SET = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final AtomicLong read = new AtomicLong();

    @BeforeEach
    void onSystemsThatKnowIt() {
        Promise<Boolean> known = Promise.promise();
        NetServer server = listen(socket -> known.complete(ReceiveBuffer.automatic(channel(socket))));
        try (RawConnection client = new RawConnection(server.actualPort())) {
            assumeTrue(Await.result(known.future()), "needs Linux 5.14 and the native transport");
        }
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void afterALongBodyItStaysSmall() {
        NetServer server = listen(socket -> {
            ReceiveBuffer.small(channel(socket));
            socket.handler(bytes -> {
                if (read.addAndGet(bytes.length()) >= READ_BYTES) {
                    channel(socket).config().setAutoRead(false);
                }
            });
        });
        AtomicLong sent = new AtomicLong();
        try (RawConnection client = new RawConnection(server.actualPort())) {
            Thread.startVirtualThread(() -> push(client, sent));
            Await.until("the body to be read", () -> read.get() >= READ_BYTES);
            long taken = Await.settled(sent) - read.get();
            assertTrue(taken <= TAKEN_BYTES_MAX, taken + " bytes taken");
        }
    }

    @Test
    void automaticTheKernelFindsItsSizeItself() {
        Promise<List<Integer>> locks = Promise.promise();
        NetServer server = listen(socket -> {
            ReceiveBuffer.small(channel(socket));
            int small = channel(socket).config().getOption(LOCK);
            ReceiveBuffer.automatic(channel(socket));
            locks.complete(List.of(small, channel(socket).config().getOption(LOCK)));
        });
        try (RawConnection client = new RawConnection(server.actualPort())) {
            assertEquals(List.of(RECEIVE_BUFFER_IS_SET, 0), Await.result(locks.future()));
        }
    }

    private NetServer listen(Consumer<NetSocket> connected) {
        return Await.result(
                vertx.createNetServer().connectHandler(connected::accept).listen(0, "127.0.0.1"));
    }

    private static Channel channel(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().channel();
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
