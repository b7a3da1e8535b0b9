package us.kbase.caching.stream;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * Limits what the kernel buffers of a body before the gateway reads it. Left alone, the kernel buffers several MiB per connection.
 * A thousand waiting bodies then use up all memory that the system has for sockets, and it drops packets of everybody
 * (docs/adr/0018). Event loop of the connection only.
 */
public final class ReceiveBuffer {

    /** The kernel doubles it for its own needs. */
    private static final int SMALL_BYTES = 256 * 1024;

    private static final int SOL_SOCKET = 1;
    private static final int SO_BUF_LOCK = 72;

    /** Linux, since 5.14: 0 takes back what SO_RCVBUF said, so that the kernel finds the size by itself again. */
    private static final ChannelOption<Integer> SIZE_IS_SET =
            new IntegerUnixChannelOption("SO_BUF_LOCK", SOL_SOCKET, SO_BUF_LOCK);

    private ReceiveBuffer() {}

    /** Of a new connection: small, where the system can take that back; elsewhere it is left alone. */
    public static void small(Channel channel) {
        if (automatic(channel)) {
            channel.config().setOption(ChannelOption.SO_RCVBUF, SMALL_BYTES);
        }
    }

    /**
     * As large as the connection's speed and distance need, for a body that is long enough to be worth it. It stays so: the client
     * was promised room.
     *
     * @return whether this system can
     */
    @CanIgnoreReturnValue
    public static boolean automatic(Channel channel) {
        try {
            return channel.config().setOption(SIZE_IS_SET, 0);
        } catch (ChannelException unknown) {
            return false;
        }
    }
}
