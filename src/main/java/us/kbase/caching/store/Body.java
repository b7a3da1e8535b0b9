package us.kbase.caching.store;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.UnaryOperator;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.InMemory;

/**
 * What is to be put: read once, whole. The source ends only when everything that belongs to the request arrived well, and
 * fails in every other case.
 *
 * @param bytes the file's bytes
 * @param lengthMaxBytes the most that can come, or {@link #UNKNOWN}; the file is at most {@link #SLACK_BYTES} shorter
 * @param likelyBytes how many come from most clients, where a most is known
 */
public record Body(ByteSource bytes, long lengthMaxBytes, long likelyBytes) {

    /** What may stand behind a form's end, and mostly does. */
    private static final int LINE_BREAK_BYTES = 2;

    /** No bound is known (a chunked request). */
    public static final long UNKNOWN = -1;

    /** How much may follow the file in its form. */
    public static final int SLACK_BYTES = 64 * 1024;

    /** The file of a form, of which that much can be the file's. */
    public Body(ByteSource bytes, long lengthMaxBytes) {
        this(bytes, lengthMaxBytes, Math.max(0, lengthMaxBytes - LINE_BREAK_BYTES));
    }

    /** A file as it is: of that length, or {@link #UNKNOWN}. */
    public static Body exact(ByteSource bytes, long lengthBytes) {
        return new Body(bytes, lengthBytes, lengthBytes);
    }

    /** The same file, its bytes seen by another source on their way. */
    public Body through(UnaryOperator<ByteSource> stage) {
        return new Body(stage.apply(bytes), lengthMaxBytes, likelyBytes);
    }

    /** What the body is when it is in memory already, so that nobody need collect and pay for it. */
    public Optional<Buffer> inMemory() {
        return bytes instanceof InMemory held ? Optional.of(held.whole()) : Optional.empty();
    }
}
