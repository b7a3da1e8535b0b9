package us.kbase.caching.store.s3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * What a connection to the server reads at once, and where to: a little for an answer, much for a file, into memory that is passed
 * on without a copy. Event loop of the connection only.
 */
final class AnswerReads extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int ANSWER_BYTES = 8 * 1024;

    private boolean file;

    private AnswerReads() {
        super(1);
    }

    /** Gives a new connection its way to read. */
    static void control(Channel channel) {
        channel.config().setRecvByteBufAllocator(new AnswerReads());
    }

    /** The next bytes are a file's: whoever gets a chunk releases it. */
    static void file(Channel channel) {
        of(channel).file = true;
    }

    /** What comes next is an answer. */
    static void answer(Channel channel) {
        of(channel).file = false;
    }

    private static AnswerReads of(Channel channel) {
        return (AnswerReads) channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator();
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator usual) {
                return file ? PassedBytes.next() : super.allocate(usual);
            }

            @Override
            public int guess() {
                return ANSWER_BYTES;
            }
        };
    }
}
