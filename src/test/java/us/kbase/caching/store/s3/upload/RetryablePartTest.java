package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import us.kbase.caching.stream.ByteSource;

/** A part that is read more than once, in whatever order its bytes arrive. */
class RetryablePartTest {

    /** Gives when the test says so. */
    private static final class Late implements ByteSource {
        private final Deque<Promise<Buffer>> asked = new ArrayDeque<>();

        @Override
        public Future<Buffer> next() {
            Promise<Buffer> promise = Promise.promise();
            asked.add(promise);
            return promise.future();
        }

        void give(String text) {
            asked.remove().complete(Buffer.buffer(text));
        }

        @Override
        public void cancel() {}
    }

    private final Late source = new Late();
    private final RetentionBudget budget = new RetentionBudget(10);
    private final RetryablePart part = new RetryablePart(source, budget);

    private static String text(Future<Buffer> read) {
        assertTrue(read.succeeded(), "nothing was given");
        return read.result().toString();
    }

    private String given(ByteSource attempt, String text) {
        Future<Buffer> read = attempt.next();
        source.give(text);
        return text(read);
    }

    @Test
    void whatAFailedAttemptHadAskedForIsNotSkippedByTheNext() {
        ByteSource first = part.attempt();
        given(first, "aa");
        given(first, "bb");
        Future<Buffer> late = first.next();
        ByteSource second = part.attempt();
        assertEquals("aa", text(second.next()));
        source.give("cc");

        assertTrue(late.failed(), "two readers would release its memory twice");
        assertEquals("bb", text(second.next()));
        assertEquals("cc", text(second.next()));
        assertEquals("dd", given(second, "dd"));
    }

    @Test
    void anAttemptThatIsReadyBeforeTheLateBytesWaitsForThem() {
        ByteSource first = part.attempt();
        given(first, "aa");
        Future<Buffer> unheard = first.next();
        ByteSource second = part.attempt();
        assertEquals("aa", text(second.next()));
        Future<Buffer> late = second.next();
        source.give("bb");

        assertEquals("bb", text(late));
        assertTrue(unheard.failed());
        assertEquals("cc", given(second, "cc"));
    }

    @Test
    void lateBytesForWhichThereIsNoRoomAreNotLostToAnAttemptThatIsBehind() {
        ByteSource first = part.attempt();
        given(first, "aaaaa");
        given(first, "bbbbb");
        Future<Buffer> unheard = first.next();
        ByteSource second = part.attempt();
        source.give("ccccc");

        assertTrue(unheard.failed());
        assertEquals("aaaaa", text(second.next()));
        assertEquals("bbbbb", text(second.next()));
        assertEquals("ccccc", text(second.next()));
        assertEquals("ddddd", given(second, "ddddd"));
        assertFalse(part.isWhole());
        assertEquals(10, budget.freeBytes());
    }

    @Test
    void whatWasAnsweredIsLetGo() {
        given(part.attempt(), "aaaaa");
        assertEquals(5, budget.freeBytes());
        part.end();

        assertEquals(10, budget.freeBytes());
        assertFalse(part.isWhole());
    }

    @Test
    void aStoppedAttemptEndsThoughItsSourceNeverAnswers() {
        Future<Buffer> waiting = part.attempt().next();
        part.end();

        assertTrue(waiting.failed());
        assertFalse(part.isWhole());
    }

    @Test
    void aSourceThatFailedWhileNobodyWaitedIsNotAskedAgain() {
        ByteSource first = part.attempt();
        given(first, "aa");
        Future<Buffer> unheard = first.next();
        ByteSource second = part.attempt();
        source.asked.remove().fail("too long");
        assertTrue(unheard.failed());

        assertEquals("aa", text(second.next()));
        assertTrue(second.next().failed());
        assertTrue(source.asked.isEmpty());
    }
}
