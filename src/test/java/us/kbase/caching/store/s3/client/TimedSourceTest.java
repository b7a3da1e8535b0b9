package us.kbase.caching.store.s3.client;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.s3.error.ServerSilent;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;

/** What is told of a server that stops giving. */
class TimedSourceTest {

    /** A source fails what was asked of it when it is cancelled, as that of a connection does. */
    private static final class Silent implements ByteSource {
        private final Promise<Buffer> asked = Promise.promise();

        @Override
        public Future<Buffer> next() {
            return asked.future();
        }

        @Override
        public void cancel() {
            asked.tryFail(new Failure.ClientGone(null));
        }
    }

    @Test
    void theServersSilenceAndNotTheCancelThatFollowsIt() {
        Vertx vertx = Vertx.vertx();
        try {
            Loop loop = new Loop(vertx);
            Future<Buffer> asked =
                    loop.call(() -> Future.succeededFuture(new TimedSource(vertx, new Silent(), 20).next()));
            Failure.Upstream told = Await.failure(Failure.Upstream.class, asked);
            assertInstanceOf(ServerSilent.class, told.getCause());
        } finally {
            Await.result(vertx.close());
        }
    }
}
