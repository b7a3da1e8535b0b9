package us.kbase.caching.store.s3.client;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.UnaryOperator;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.stream.SocketSource;

/**
 * The body of an answer behind a read gate. Pausing the answer is no such bound, since the client counts messages and not bytes. Event
 * loop only.
 */
final class ResponseSource extends SocketSource {

    /** What an answer that is no file takes at once. */
    static final int ANSWER_READ_BYTES = 8 * 1024;
    /** The longest chunk of a file. */
    static final int FILE_READ_BYTES = 256 * 1024;

    /** Shorter ones come with their head, or nearly. */
    private static final int FILE_BYTES_MIN = 64 * 1024;

    private final UnaryOperator<Throwable> named;
    private final Over whenOver;
    private final Channel channel;

    /** Hears once that an answer is over. */
    interface Over {
        /** Whether it broke, or was given up: nothing can follow on its connection. */
        void answer(boolean broken);
    }

    /**
     * Takes over a paused answer.
     *
     * @param lengthBytes of a file; 0 for what is none
     * @param named what it fails with when its connection broke
     */
    ResponseSource(HttpClientResponse response, long lengthBytes, UnaryOperator<Throwable> named, Over whenOver) {
        this(((ConnectionBase) response.request().connection()).channel(), lengthBytes, named, whenOver);
        response.handler(this::arrive);
        response.endHandler(v -> end());
        response.exceptionHandler(this::breakOff);
        response.resume(); // what was read already comes now
    }

    private ResponseSource(Channel channel, long lengthBytes, UnaryOperator<Throwable> named, Over whenOver) {
        super(channel);
        this.channel = channel;
        this.named = named;
        this.whenOver = whenOver;
        if (lengthBytes >= FILE_BYTES_MIN) {
            ReadPolicy.of(channel).passedOn(FILE_READ_BYTES);
        }
    }

    @Override
    protected void over(boolean brokenOff) {
        if (!brokenOff) {
            ReadPolicy.of(channel).usual(ANSWER_READ_BYTES);
            ReadPolicy.automatic(channel); // the connection goes back to its pool
        }
        whenOver.answer(brokenOff);
    }

    private void breakOff(Throwable cause) {
        if (!isComplete()) {
            fail(named.apply(cause));
        }
    }

    @Override
    public void cancel() {
        release();
        if (!isComplete() && brokenBy().isEmpty()) {
            ReadPolicy.of(channel).usual(ANSWER_READ_BYTES); // of what is dropped, Vert.x releases only its own
            breakOff(new IllegalStateException("cancelled"));
        }
    }
}
