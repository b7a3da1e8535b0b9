package us.kbase.caching.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.ScriptedSource;

/** One chunk at a time: the sink holds the source. */
class PumpTest {

    /** A sink that takes a chunk when the test says so. */
    private static final class SlowSink {
        private final List<Buffer> offered = new ArrayList<>();
        private final Deque<Promise<Void>> waiting = new ArrayDeque<>();

        Future<Void> write(Buffer chunk) {
            offered.add(chunk);
            Promise<Void> promise = Promise.promise();
            waiting.add(promise);
            return promise.future();
        }

        void takeOne() {
            waiting.remove().complete();
        }
    }

    private static final Buffer TEN = Buffer.buffer("0123456789");

    @Test
    void movesEveryByteInOrder() {
        Buffer moved = Buffer.buffer();
        Await.result(Pump.run(ScriptedSource.of(TEN, 3), chunk -> {
            moved.appendBuffer(chunk);
            return Future.succeededFuture();
        }));
        assertEquals(TEN, moved);
    }

    @Test
    void asksForTheNextChunkOnlyWhenTheSinkTookTheLast() {
        ScriptedSource source = ScriptedSource.of(TEN, 3);
        SlowSink sink = new SlowSink();
        Future<Void> done = Pump.run(source, sink::write);
        assertEquals(3, source.givenBytes());
        sink.takeOne();
        assertEquals(6, source.givenBytes());
        assertEquals(2, sink.offered.size());
        assertEquals(1, sink.waiting.size());
        sink.takeOne();
        sink.takeOne();
        assertFalse(done.isComplete());
        sink.takeOne();
        assertTrue(done.succeeded());
    }

    @Test
    void isDoneAtOnceForASourceOfNothing() {
        assertTrue(Pump.run(ByteSource.of(Buffer.buffer()), chunk -> Future.failedFuture("not called"))
                .succeeded());
    }

    @Test
    void doesNotGrowTheStackWithTheFile() {
        ScriptedSource source = ScriptedSource.of(Buffer.buffer(new byte[200_000]), 1);
        Await.result(Pump.run(source, chunk -> Future.succeededFuture()));
        assertEquals(200_000, source.givenBytes());
    }

    @Test
    void failsWithTheFailureOfTheSource() {
        Throwable broken = new IllegalStateException("broken");
        ScriptedSource source = ScriptedSource.broken(TEN, 3, broken);
        assertSame(
                broken,
                Await.failure(IllegalStateException.class, Pump.run(source, chunk -> Future.succeededFuture())));
    }

    @Test
    void stopsAtTheFailureOfTheSinkAndAsksNoMore() {
        ScriptedSource source = ScriptedSource.of(TEN, 3);
        Throwable full = new IllegalStateException("full");
        assertSame(
                full, Await.failure(IllegalStateException.class, Pump.run(source, chunk -> Future.failedFuture(full))));
        assertEquals(3, source.givenBytes());
    }

    @Test
    void failsWhenTheSinkFailsLater() {
        SlowSink sink = new SlowSink();
        Future<Void> done = Pump.run(ScriptedSource.of(TEN, 3), sink::write);
        sink.takeOne();
        sink.waiting.remove().fail("gone");
        assertTrue(done.failed());
        assertEquals(2, sink.offered.size());
    }

    /** Thrown into a future's listener it would be lost, and whoever waits would wait for ever. */
    @Test
    void failsWhenTheSinkThrows() {
        IllegalStateException thrown = new IllegalStateException("thrown");
        Future<Void> done = Pump.run(ScriptedSource.of(TEN, 3), chunk -> {
            throw thrown;
        });
        assertSame(thrown, Await.failure(IllegalStateException.class, done));
    }

    @Test
    void failsWhenTheSourceThrowsLater() {
        IllegalStateException thrown = new IllegalStateException("thrown");
        SlowSink sink = new SlowSink();
        ByteSource source = new ByteSource() {
            private boolean asked;

            @Override
            public Future<Buffer> next() {
                if (asked) {
                    throw thrown;
                }
                asked = true;
                return Future.succeededFuture(TEN);
            }

            @Override
            public void cancel() {}
        };
        Future<Void> done = Pump.run(source, sink::write);
        sink.takeOne();
        assertSame(thrown, Await.failure(IllegalStateException.class, done));
    }
}
