package us.kbase.caching.http;

import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How much of a connection is read at once: little until a body is asked for, since an upload that waits for its turn holds what
 * came with its head, and a thousand may wait. One buffer a read: otherwise up to 16 would be taken before a gate can close.
 * Event loop of the connection only.
 */
final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int HEAD_BYTES = 2 * 1024;
    /** As much as a chunk: what is read at once arrives at once. */
    static final int BODY_BYTES = 64 * 1024;

    private int bytes = HEAD_BYTES;

    private ReadSize() {
        super(1);
    }

    /** Gives a new connection its read size. */
    static void control(Channel channel) {
        channel.config().setRecvByteBufAllocator(new ReadSize());
    }

    /** That of a controlled connection. */
    static ReadSize of(Channel channel) {
        return (ReadSize) channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator();
    }

    /** Somebody takes a body as it comes. */
    void body() {
        bytes = BODY_BYTES;
    }

    /** What comes next is a request. */
    void head() {
        bytes = HEAD_BYTES;
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return bytes;
            }
        };
    }
}
