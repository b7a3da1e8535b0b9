package us.kbase.caching.stream;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.pace.CallersContext;

/**
 * The bytes of one message behind a read gate: its connection is read only when somebody asks, one buffer at a time, so what nobody
 * asks for stays with the sender. What comes through the shut gate all the same waits here, in its order. What a message is, how much is
 * read at once and what its end means is for the classes below to say. Event loop of the connection only.
 */
public abstract class SocketSource implements ByteSource {

    private final Channel channel;
    private final Deque<Buffer> arrived = new ArrayDeque<>();
    private @Nullable Promise<Buffer> asked;
    private @Nullable Throwable broken;
    private Consumer<Throwable> told = cause -> {};
    private boolean complete;
    private boolean dropping;

    /** Shuts the gate. */
    protected SocketSource(Channel channel) {
        this.channel = channel;
        channel.config().setAutoRead(false);
    }

    /** The connection is about to be read, since nothing waits. */
    protected void reading() {}

    /**
     * Whether a chunk may wait that nobody asked for; else it is released.
     *
     * @param first whether no other waits
     */
    protected boolean mayWait(Buffer chunk, boolean first) {
        return true;
    }

    /** Nothing waits any more: the last of it was taken or dropped. */
    protected void emptied() {}

    /**
     * All of the message came, or it broke; called before whoever asked hears of it.
     *
     * @param brokenOff whether the rest will not come
     */
    protected abstract void over(boolean brokenOff);

    @Override
    public final Future<Buffer> next() {
        Buffer ready = arrived.poll();
        if (ready != null) {
            if (arrived.isEmpty()) {
                emptied();
            }
            return Future.succeededFuture(ready);
        }
        Throwable cause = broken;
        if (cause != null) {
            return Future.failedFuture(cause);
        }
        if (complete) {
            return Future.succeededFuture(END);
        }
        Promise<Buffer> promise = CallersContext.promise();
        asked = promise;
        reading();
        ReadPolicy.once(channel);
        return promise.future();
    }

    /** Takes bytes of the message in. */
    protected final void arrive(Buffer chunk) {
        if (!UnclaimedChunks.take(channel, chunk)) {
            return;
        }
        if (dropping || broken != null || chunk.length() == 0) {
            Chunk.release(chunk);
            return;
        }
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(chunk);
        } else if (mayWait(chunk, arrived.isEmpty())) {
            arrived.add(chunk);
        } else {
            Chunk.release(chunk);
        }
    }

    /** Tells that all of the message came; what waits is still given. */
    protected final void end() {
        complete = true;
        over(false);
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.complete(END);
        }
    }

    /** Tells that the message broke; does nothing when it had broken before. */
    protected final void fail(Throwable cause) {
        if (broken != null) {
            return;
        }
        broken = cause;
        over(true);
        Promise<Buffer> promise = asked;
        if (promise != null) {
            asked = null;
            promise.fail(cause);
        }
        told.accept(cause);
    }

    /** Releases what waits. */
    protected final void release() {
        arrived.forEach(Chunk::release);
        arrived.clear();
        emptied();
    }

    /** Releases what waits, and from now on what comes. */
    protected final void drop() {
        dropping = true;
        release();
    }

    /** Whether the message came to its end. */
    protected final boolean isComplete() {
        return complete;
    }

    /** Whether its bytes are dropped. */
    protected final boolean isDropped() {
        return dropping;
    }

    /** What it broke by. */
    protected final Optional<Throwable> brokenBy() {
        return Optional.ofNullable(broken);
    }

    /** Whether somebody asked for bytes that have not come. */
    public final boolean isAsked() {
        return asked != null;
    }

    @Override
    public final void whenBroken(Consumer<Throwable> listener) {
        told = listener;
        Throwable already = broken;
        if (already != null) {
            listener.accept(already);
        }
    }
}
