package us.kbase.caching.bundle;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * The bytes of RFC 1951 that are inflated out of others, at most 64 KiB at a time: so what a little input makes of itself never stands
 * in memory, and an event loop is not held up. Event loop only.
 */
public final class InflatedSource implements ByteSource {

    /** The inflater's window and state, the bytes it gave last and those it gives now. */
    public static final int HELD_BYTES = 192 << 10;

    private static final int GIVEN_BYTES_MAX = 64 << 10;

    private final ByteSource deflated;
    private final Budget.Payment payment;
    private final Inflater inflater = new Inflater(true);
    private @Nullable Buffer input;
    private boolean freed;

    /**
     * Takes over a source of deflated bytes.
     *
     * @param payment for {@link #HELD_BYTES}, given back at the end
     */
    public InflatedSource(ByteSource deflated, Budget.Payment payment) {
        this.deflated = deflated;
        this.payment = payment;
    }

    @Override
    public Future<Buffer> next() {
        return Steps.until(this::tried).onFailure(cause -> cancel());
    }

    /** The next bytes; nothing when it is to be tried again. */
    private Future<Optional<Buffer>> tried() {
        if (freed) {
            return Future.succeededFuture(Optional.of(END));
        }
        if (inflater.finished()) {
            return ended();
        }
        return inflater.needsInput() ? deflated.next().map(this::fed) : Future.succeededFuture(inflated());
    }

    private Future<Optional<Buffer>> ended() {
        boolean whole = inflater.getRemaining() == 0;
        free();
        return deflated.next().map(behind -> {
            Chunk.release(behind);
            if (!whole || !ByteSource.isEnd(behind)) {
                throw Fields.damaged("the compressed bytes of a file go on behind their end");
            }
            return Optional.of(END);
        });
    }

    private Optional<Buffer> fed(Buffer chunk) {
        if (freed) {
            Chunk.release(chunk);
            throw new Failure.ClientGone(null);
        }
        if (ByteSource.isEnd(chunk)) {
            throw Fields.damaged("the compressed bytes of a file are cut");
        }
        releaseInput();
        input = chunk;
        inflater.setInput(Chunk.view(chunk));
        return Optional.empty();
    }

    private Optional<Buffer> inflated() {
        byte[] bytes = new byte[GIVEN_BYTES_MAX];
        int count;
        try {
            count = inflater.inflate(bytes);
        } catch (DataFormatException e) {
            throw Fields.damaged("the compressed bytes of a file are damaged");
        }
        if (count > 0) {
            return Optional.of(Buffer.buffer(count == bytes.length ? bytes : Arrays.copyOf(bytes, count)));
        }
        if (inflater.needsDictionary()) {
            throw Fields.damaged("the compressed bytes of a file need a dictionary");
        }
        return Optional.empty();
    }

    private void releaseInput() {
        Buffer used = input;
        input = null;
        if (used != null) {
            Chunk.release(used);
        }
    }

    private void free() {
        if (!freed) {
            freed = true;
            inflater.end();
            releaseInput();
            payment.giveBack();
        }
    }

    @Override
    public void cancel() {
        free();
        deflated.cancel();
    }
}
