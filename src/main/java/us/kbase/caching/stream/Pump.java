package us.kbase.caching.stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Moves a source's bytes into a sink, one chunk at a time: the next chunk is asked for when the sink's future for the last
 * one is done. A loop and not a chain of futures, so neither stack nor heap grow with the file.
 */
public final class Pump {

    private final ByteSource source;
    private final Function<Buffer, Future<?>> sink;
    private final Promise<Void> done = Promise.promise();
    private boolean looping;
    private boolean ready;

    private Pump(ByteSource source, Function<Buffer, Future<?>> sink) {
        this.source = source;
        this.sink = sink;
    }

    /** Done when the source ended and the sink took everything; failed with the first failure of either. */
    public static Future<Void> run(ByteSource source, Function<Buffer, Future<?>> sink) {
        Pump pump = new Pump(source, sink);
        pump.step();
        return pump.done.future();
    }

    private void step() {
        ready = true;
        if (looping) {
            return; // a future that was done at once: the loop below goes on
        }
        looping = true;
        while (ready) {
            ready = false;
            called(source::next).onSuccess(this::take).onFailure(done::tryFail);
        }
        looping = false;
    }

    private void take(Buffer chunk) {
        if (ByteSource.isEnd(chunk)) {
            done.tryComplete();
        } else {
            called(() -> sink.apply(chunk)).onSuccess(taken -> step()).onFailure(done::tryFail);
        }
    }

    /** A source or sink that throws fails the pump; thrown into a future's listener it would be lost and the pump hang. */
    private static <T> Future<T> called(Supplier<Future<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException | OutOfMemoryError thrown) { // the latter of memory outside the heap
            return Future.failedFuture(thrown);
        }
    }
}
