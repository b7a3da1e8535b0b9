package us.kbase.caching.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;

/**
 * Decides how much of a connection is read at once, and into which memory: little where the gateway parses the bytes, much where it
 * passes a file on. It reads one buffer at a time; Netty would otherwise take up to 16 before a gate can close. Event loop of the
 * connection only.
 */
public final class ReadPolicy extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int FIRST_BYTES = 64 * 1024;

    private int bytesMax;
    private boolean passedOn;
    private int passedBytes = FIRST_BYTES;

    private ReadPolicy(int bytesMax) {
        super(1);
        this.bytesMax = bytesMax;
    }

    /** Gives a new connection its way to read: usual memory, that much at once. */
    public static void control(Channel channel, int bytesMax) {
        channel.config().setRecvByteBufAllocator(new ReadPolicy(bytesMax));
    }

    /** That of a controlled connection. */
    public static ReadPolicy of(Channel channel) {
        return (ReadPolicy) channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator();
    }

    /** Opens a gate: what comes is read as it comes. */
    public static void automatic(Channel channel) {
        if (!isAllRead(channel)) {
            channel.config().setAutoRead(true);
        }
    }

    /** Opens a gate for one read. */
    public static void once(Channel channel) {
        if (!isAllRead(channel)) {
            channel.read();
        }
    }

    /** The other side sends no more, and epoll, which knows such a connection no longer, would fail it. */
    private static boolean isAllRead(Channel channel) {
        return channel instanceof DuplexChannel both && both.isInputShutdown();
    }

    /** What comes next is looked at here. */
    public void usual(int readBytesMax) {
        bytesMax = readBytesMax;
        passedOn = false;
    }

    /** What comes next is passed on, at most that much at once: whoever takes a chunk of it releases it. */
    public void passedOn(int readBytesMax) {
        bytesMax = readBytesMax;
        passedOn = true;
    }

    /** Whether the bytes of now are passed on. */
    public boolean isPassedOn() {
        return passedOn;
    }

    /** A chunk holds its whole memory, so the next read takes about as much as there was. */
    private void adapt(int bytes, int room) {
        if (bytes == room) {
            passedBytes = Math.min(bytesMax, passedBytes * 2);
        } else if (bytes < passedBytes / 2) {
            passedBytes = Math.max(ForwardPool.CHUNK_BYTES_MIN, passedBytes / 2);
        }
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator usual) {
                return passedOn ? ForwardPool.next(passedBytes, usual) : super.allocate(usual);
            }

            @Override
            public void lastBytesRead(int bytes) {
                super.lastBytesRead(bytes);
                if (passedOn && bytes > 0) {
                    adapt(bytes, attemptedBytesRead());
                }
            }

            @Override
            public int guess() {
                return bytesMax;
            }
        };
    }
}
