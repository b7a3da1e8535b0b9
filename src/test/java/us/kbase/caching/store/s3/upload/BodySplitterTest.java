package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
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
import us.kbase.caching.testing.ScriptedSource;

/** A body in parts, whatever chunks it comes in. */
class BodySplitterTest {

    private static final String TEN = "0123456789";

    private final CountedChunks chunks = new CountedChunks();
    private final ScriptedSource body = ScriptedSource.of(chunks.cut(TEN, 3));
    private final BodySplitter splitter = new BodySplitter(body);

    @AfterEach
    void everyChunkThatWasGivenIsReleasedOnce() {
        splitter.cancel();
        Buffer unread = body.next().result();
        while (!ByteSource.isEnd(unread)) {
            Chunk.release(unread);
            unread = body.next().result();
        }
        assertEquals(0, chunks.owned());
    }

    private static String all(ByteSource part) {
        return Await.result(part.collect(length -> {})).toString();
    }

    private static String next(ByteSource part) {
        Future<Buffer> given = part.next();
        assertTrue(given.succeeded(), "nothing was given");
        String text = given.result().toString();
        Chunk.release(given.result());
        return text;
    }

    @Test
    void partsFollowOneAnotherWithoutALostByte() {
        assertEquals("0123", all(splitter.slice(4)));
        assertEquals("4567", all(splitter.slice(4)));
        assertEquals("89", Await.result(splitter.collect(100)).toString());
        assertTrue(splitter.ended());
    }

    @Test
    void aPartAsksTheBodyForNoMoreThanItNeeds() {
        BodySplitter.Slice part = splitter.slice(4);
        assertEquals(0, body.givenBytes());
        next(part);
        assertEquals(3, body.givenBytes());
        all(part);
        assertEquals(6, body.givenBytes());
        next(splitter.slice(2)); // what was left of the last chunk
        assertEquals(6, body.givenBytes());
    }

    @Test
    void aPartIsDrainedWithItsLastByteAndNotBefore() {
        BodySplitter.Slice part = splitter.slice(4);
        next(part);
        assertFalse(part.drained().isComplete());
        next(part);
        assertTrue(part.drained().succeeded());
    }

    @Test
    void aPartWaitsForItsSenderWhileItsQuestionIsOpen() {
        LateSource late = new LateSource();
        BodySplitter.Slice part = new BodySplitter(late).slice(4);
        assertFalse(part.waitsForSender());
        Future<Buffer> asked = part.next();
        assertTrue(part.waitsForSender());
        late.give("01");
        assertFalse(part.waitsForSender());
        assertEquals("01", asked.result().toString());
    }

    @Test
    void aBodyThatEndsWithinAPartFailsIt() {
        BodySplitter.Slice part = splitter.slice(11);
        Await.failure(Failure.BadInput.class, part.collect(length -> {}));
        assertTrue(part.drained().failed());
    }

    @Test
    void aBodyThatBreaksFailsThePartAndWhoWaitsForItsEnd() {
        IllegalStateException cause = new IllegalStateException("broken");
        LateSource late = new LateSource();
        BodySplitter.Slice part = new BodySplitter(late).slice(4);
        Future<Buffer> asked = part.next();
        late.breakOff(cause);

        assertSame(cause, asked.cause());
        assertSame(cause, part.drained().cause());
    }

    @Test
    void atMostSoManyEndsWithTheBody() {
        assertEquals(TEN, all(splitter.atMost(100)));
        assertTrue(splitter.ended());
    }

    @Test
    void whatIsCollectedIsCutWhereItMayBeNoLonger() {
        assertEquals("01234", Await.result(splitter.collect(5)).toString());
        assertFalse(splitter.ended());
        assertEquals("56789", all(splitter.slice(5)));
    }

    @Test
    void whatWasGivenBackIsReadAgainFirst() {
        Buffer first = splitter.atMost(100).next().result();
        splitter.unread(first);
        assertEquals(TEN, all(splitter.atMost(100)));
    }

    @Test
    void whatWasGivenBackStandsBeforeWhatIsLeftOfItsChunk() {
        Buffer one = splitter.slice(1).next().result();
        splitter.unread(one);
        assertEquals(TEN, all(splitter.atMost(100)));
    }

    @Test
    void cancellingGivesUpTheBodyAndWhatIsLeftOfAChunk() {
        next(splitter.slice(1));
        splitter.cancel();
        assertEquals(1, body.cancels());
        assertEquals(3, chunks.owned()); // of the four chunks, those that nobody read
    }
}
