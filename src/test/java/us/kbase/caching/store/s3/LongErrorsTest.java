package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3.Told;

/** A server, or who stands before it, whose errors are long: nobody reads them to their end. */
class LongErrorsTest extends OnRawS3 {

    private static final int ERROR_BYTES = 16 << 20;
    private static final Told ABSENT =
            Told.of("HTTP/1.1 404 X\r\nx-amz-request-id: 1\r\nContent-Length: 0\r\n", Buffer.buffer());
    private static final Told ERROR = Told.of(
            "HTTP/1.1 500 X\r\nx-amz-request-id: 1\r\nContent-Length: " + ERROR_BYTES + "\r\n",
            Buffer.buffer(new byte[ERROR_BYTES]));

    @ParameterizedTest
    @EnumSource(names = {"GET", "LIST", "TAGS", "UPLOADS", "CREATE", "ABORT", "PUT"})
    void isCutWithItsConnection(StoreCall call) {
        answerLate(asked -> asked.is("HEAD") ? ABSENT : ERROR);

        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> call.on(store)));

        long errors = server.asked().stream().filter(asked -> !asked.is("HEAD")).count();
        assertTrue(errors > 0);
        Await.until("each connection is closed before its error's end", () -> server.closed() == errors);
    }
}
