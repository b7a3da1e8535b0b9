package us.kbase.caching.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import us.kbase.caching.pace.Steps;

/**
 * Moves a source's bytes into a sink, one chunk at a time: the next chunk is asked for when the sink's future for the last
 * one is done. One event loop.
 */
public final class Pump {

    private Pump() {}

    /** Done when the source ended and the sink took everything; failed with the first failure of either, or what it threw. */
    public static Future<Void> run(ByteSource source, Function<Buffer, Future<?>> sink) {
        return Steps.whileMore(() -> source.next()
                .compose(chunk -> ByteSource.isEnd(chunk)
                        ? Future.succeededFuture(false)
                        : sink.apply(chunk).map(true)));
    }
}
