package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.RawConnection;

/** What the gateway holds for a reader that takes little. */
class SlowReaderTest {

    private static final int CHUNK_BYTES = 4096;

    private final Vertx vertx = Vertx.vertx();
    private final Endless source = new Endless();
    private final Promise<Future<Void>> ended = Promise.promise();

    /** Never ends, and knows which of its chunks are held. */
    private static final class Endless implements ByteSource {
        private final List<ByteBuf> given = new CopyOnWriteArrayList<>();
        private final AtomicLong count = new AtomicLong();
        private final AtomicBoolean cancelled = new AtomicBoolean();

        @Override
        public Future<Buffer> next() {
            given.removeIf(chunk -> chunk.refCnt() == 0);
            ByteBuf chunk = Unpooled.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES);
            given.add(chunk);
            count.incrementAndGet();
            return Future.succeededFuture(BufferInternal.buffer(chunk));
        }

        @Override
        public void cancel() {
            cancelled.set(true);
        }

        long held() {
            return given.stream().filter(chunk -> chunk.refCnt() > 0).count();
        }
    }

    /** A server that sends this source to whoever asks, and gives up a reader that takes nothing for so long. */
    private int serving(Duration patience) {
        Router router = Router.router(vertx);
        router.get().handler(context -> {
            context.response().setChunked(true);
            ended.complete(DownloadHandler.Sink.send(context, source, patience));
        });
        return Await.result(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private RawConnection reader(int port) {
        RawConnection reader = new RawConnection(port, 16 << 10).send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertTrue(reader.head().startsWith("HTTP/1.1 200"));
        return reader;
    }

    @AfterEach
    void stop() {
        Await.result(vertx.close());
    }

    @Test
    void whoStandsStillHoldsOneChunkHoweverSmallTheChunksAre() {
        try (RawConnection reader = reader(serving(Duration.ofMinutes(1)))) {
            Await.settled(source.count);

            assertEquals(1, source.held());
            assertTrue(reader.read(8 << 20).length > 0);
        }
    }

    @Test
    void whoTakesNothingIsGivenUp() {
        try (RawConnection reader = reader(serving(Duration.ofMillis(500)))) {
            Await.failure(Failure.ClientGone.class, ended.future().compose(sent -> sent));
            assertTrue(source.cancelled.get());
            reader.cut();
        }
        Await.until("all is released", () -> source.held() == 0);
    }
}
