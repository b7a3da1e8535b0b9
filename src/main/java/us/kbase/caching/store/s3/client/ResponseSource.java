package us.kbase.caching.store.s3.client;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.stream.UnclaimedChunks;

/**
 * The body of an answer behind a read gate: its connection is read only when somebody asks, one buffer at a time. Pausing the
 * answer is no such bound, since the client counts messages and not bytes. Event loop only.
 */
final class ResponseSource implements ByteSource {

    /** What an answer that is no file takes at once. */
    static final int ANSWER_READ_BYTES = 8 * 1024;
    /** The longest chunk of a file. */
    static final int FILE_READ_BYTES = 256 * 1024;

    /** Shorter ones come with their head, or nearly. */
    private static final int FILE_BYTES_MIN = 64 * 1024;

    private final HttpClientResponse response;
    private final Over whenOver;
    private final Channel channel;
    private final Deque<Buffer> arrived = new ArrayDeque<>();
    private @Nullable Promise<Buffer> asked;
    private @Nullable Throwable broken;
    private boolean complete;
    private boolean over;

    /** Hears once that an answer is over. */
    interface Over {
        /** Whether it broke, or was given up: nothing can follow on its connection. */
        void answer(boolean broken);
    }

    /** Takes over a paused answer of a known length. */
    ResponseSource(HttpClientResponse response, long lengthBytes, Over whenOver) {
        this.response = response;
        this.whenOver = whenOver;
        this.channel = ((ConnectionBase) response.request().connection()).channel();
        channel.config().setAutoRead(false);
        if (lengthBytes >= FILE_BYTES_MIN) {
            ReadPolicy.of(channel).passedOn(FILE_READ_BYTES);
        }
        response.handler(this::arrive);
        response.endHandler(v -> end());
        response.exceptionHandler(this::fail);
        response.resume(); // what was read already comes now
    }

    private void arrive(Buffer chunk) {
        if (!UnclaimedChunks.take(channel, chunk)) {
            return;
        }
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(chunk);
        } else if (broken != null) {
            Chunk.release(chunk);
        } else {
            arrived.add(chunk);
        }
    }

    private void end() {
        complete = true;
        ReadPolicy.of(channel).usual(ANSWER_READ_BYTES);
        ReadPolicy.automatic(channel); // the connection goes back to its pool
        over(false);
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(END);
        }
    }

    private void fail(Throwable cause) {
        if (complete || broken != null) {
            return;
        }
        broken = new Failure.Upstream("The object store broke off a download", cause);
        over(true);
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.fail(broken);
        }
    }

    private void over(boolean broken) {
        if (!over) {
            over = true;
            whenOver.answer(broken);
        }
    }

    /** Whether nobody asks for its bytes. */
    boolean waitsForReader() {
        return asked == null;
    }

    @Override
    public Future<Buffer> next() {
        Buffer ready = arrived.poll();
        if (ready != null) {
            return Future.succeededFuture(ready);
        }
        if (broken != null) {
            return Future.failedFuture(broken);
        }
        if (complete) {
            return Future.succeededFuture(END);
        }
        Promise<Buffer> promise = Promise.promise();
        asked = promise;
        ReadPolicy.once(channel);
        return promise.future();
    }

    @Override
    public void cancel() {
        arrived.forEach(Chunk::release);
        arrived.clear();
        if (!complete && broken == null) {
            ReadPolicy.of(channel).usual(ANSWER_READ_BYTES); // of what is dropped, Vert.x releases only its own
            fail(new IllegalStateException("cancelled"));
        }
    }
}
