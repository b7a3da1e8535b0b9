package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3.Told;

/** A server, or who stands before it, whose errors are long: nobody reads them to their end. */
class LongErrorsTest extends OnRawS3 {

    private static final int ERROR_BYTES = 64 << 20;
    private static final Told ERROR = Told.of(
            "HTTP/1.1 500 X\r\nx-amz-request-id: 1\r\nContent-Length: " + ERROR_BYTES + "\r\n",
            Buffer.buffer(new byte[ERROR_BYTES]));

    private enum Call {
        GET(store -> store.get("id", ByteRange.ALL)),
        LIST(store -> store.list("", 10)),
        TAGS(store -> store.upkeep().lastUsed("id")),
        UPLOADS(store -> store.upkeep().openUploads(Optional.empty(), 10)),
        PUT(store -> store.put(
                "id", new Body(ByteSource.of(Buffer.buffer("x")), 1), Map.of(), Guard.once(new Precondition.Absent())));

        private final Function<ObjectStore, Future<?>> call;

        Call(Function<ObjectStore, Future<?>> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    void isCutWithItsConnection(Call call) {
        server.answer(asked -> asked.is("HEAD") ? Told.of(404, "x-amz-request-id: 1\r\n", "") : ERROR);

        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> call.call.apply(store)));

        long errors = server.asked().stream().filter(asked -> !asked.is("HEAD")).count();
        assertTrue(errors > 0);
        Await.until("each connection is closed before its error's end", () -> server.closed() == errors);
    }
}
