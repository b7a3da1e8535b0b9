package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CountedChunks;
import us.kbase.caching.testing.LateSource;

/** A body of a length that was guessed: S3 gets the whole of it, or never its last byte. */
class AssumedLengthBodyTest {

    private final CountedChunks chunks = new CountedChunks();
    private final LateSource source = new LateSource();
    private final AssumedLengthBody body = new AssumedLengthBody(source, 5);

    @AfterEach
    void everyChunkIsReleasedOnce() {
        body.end();
        assertEquals(0, chunks.owned());
    }

    private static String taken(Future<Buffer> given) {
        assertTrue(given.succeeded(), "nothing was given");
        String text = given.result().toString();
        Chunk.release(given.result());
        return text;
    }

    @Test
    void theLastChunkIsGivenBehindTheEnd() {
        Future<Buffer> first = body.next();
        source.give(chunks.of("abc"));
        assertEquals("abc", taken(first));
        Future<Buffer> last = body.next();
        source.give(chunks.of("de"));
        assertFalse(last.isComplete());
        source.end();

        assertEquals("de", taken(last));
        assertTrue(ByteSource.isEnd(body.next().result()));
    }

    @Test
    void aLongerBodyFailsBeforeItsLastChunk() {
        Future<Buffer> last = body.next();
        source.give(chunks.of("abcde"));
        source.give(chunks.of("f"));
        Await.failure(Failure.Busy.class, last);
    }

    @Test
    void aShorterBodyFails() {
        Future<Buffer> first = body.next();
        source.give(chunks.of("abc"));
        taken(first);
        Future<Buffer> last = body.next();
        source.end();
        Await.failure(Failure.Busy.class, last);
    }

    @Test
    void whatComesWhenItIsOverIsReleased() {
        Future<Buffer> asked = body.next();
        body.end();
        source.give(chunks.of("abc"));
        Await.failure(Failure.Busy.class, asked);
    }

    @Test
    void cancellingReleasesWhatIsHeldAndGivesUpTheSource() {
        Future<Buffer> unheard = body.next();
        source.give(chunks.of("abcde"));
        assertFalse(unheard.isComplete());
        body.cancel();

        assertEquals(0, chunks.owned());
        assertEquals(1, source.cancels());
    }
}
