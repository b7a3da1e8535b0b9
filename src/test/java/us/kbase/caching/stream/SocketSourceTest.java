package us.kbase.caching.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.testing.CountedChunks;

/** The gate of a connection: what is read when, and who hears of what came, of its end, and of its break. */
class SocketSourceTest {

    private final CountedChunks chunks = new CountedChunks();
    private final List<String> heard = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void read(ChannelHandlerContext context) {
            heard.add("read");
            context.read();
        }
    });
    private boolean hasRoom = true;
    private Message message = new Message();

    private final class Message extends SocketSource {
        Message() {
            super(channel);
        }

        @Override
        protected boolean mayWait(Buffer chunk, boolean first) {
            return first || hasRoom;
        }

        @Override
        protected void emptied() {
            heard.add("emptied");
        }

        @Override
        protected void over(boolean brokenOff) {
            heard.add(brokenOff ? "broken" : "ended");
        }

        @Override
        public void cancel() {
            drop();
        }
    }

    @BeforeEach
    void open() {
        heard.clear(); // an embedded channel reads once when it opens
        message = new Message();
    }

    @AfterEach
    void everyChunkIsReleasedOnce() {
        assertEquals(0, chunks.owned());
        channel.close();
    }

    private static String taken(Future<Buffer> given) {
        assertTrue(given.succeeded(), "nothing was given");
        String text = given.result().toString();
        Chunk.release(given.result());
        return text;
    }

    private void arrive(String text) {
        message.arrive(chunks.of(text));
    }

    @Test
    void nothingIsReadBeforeSomebodyAsks() {
        assertFalse(channel.config().isAutoRead());
        assertEquals(List.of(), heard);
    }

    @Test
    void aQuestionIsOneReadAndItsAnswerNone() {
        Future<Buffer> asked = message.next();
        assertTrue(message.isAsked());
        arrive("abc");

        assertEquals("abc", taken(asked));
        assertEquals(List.of("read"), heard);
        assertFalse(message.isAsked());
    }

    @Test
    void whatCameUnaskedIsGivenInOrderWithoutARead() {
        arrive("abc");
        arrive("de");

        assertEquals("abc", taken(message.next()));
        assertEquals("de", taken(message.next()));
        assertEquals(List.of("emptied"), heard);
    }

    @Test
    void theEndStandsBehindWhatWaits() {
        arrive("abc");
        message.end();

        assertEquals("abc", taken(message.next()));
        assertTrue(ByteSource.isEnd(message.next().result()));
        assertTrue(ByteSource.isEnd(message.next().result()));
    }

    @Test
    void theMessageIsOverBeforeWhoAskedHearsOfItsEnd() {
        message.next().onSuccess(end -> heard.add("heard"));
        message.end();

        assertEquals(List.of("read", "ended", "heard"), heard);
    }

    @Test
    void aBreakIsHeardByWhoAskedAndByWhoListens() {
        IllegalStateException cause = new IllegalStateException("broken");
        Future<Buffer> asked = message.next();
        message.whenBroken(told -> heard.add("told"));
        asked.onFailure(told -> heard.add("heard"));
        message.fail(cause);

        assertSame(cause, asked.cause());
        assertEquals(List.of("read", "broken", "heard", "told"), heard);
        assertSame(cause, message.next().cause());
    }

    @Test
    void theFirstBreakCounts() {
        message.fail(new IllegalStateException("first"));
        message.fail(new IllegalStateException("second"));

        assertEquals("first", message.next().cause().getMessage());
        assertEquals(List.of("broken"), heard);
    }

    @Test
    void whoListensLaterHearsOfABreakAtOnce() {
        message.fail(new IllegalStateException("broken"));
        message.whenBroken(told -> heard.add(told.getMessage()));

        assertEquals(List.of("broken", "broken"), heard);
    }

    @Test
    void whatComesBehindABreakIsReleased() {
        message.fail(new IllegalStateException("broken"));
        arrive("abc");
    }

    @Test
    void whatMayNotWaitIsReleased() {
        hasRoom = false;
        arrive("abc");
        arrive("de");

        assertEquals(1, chunks.owned());
        assertEquals("abc", taken(message.next()));
    }

    @Test
    void whatIsDroppedIsReleasedNowAndWhenItComes() {
        arrive("abc");
        arrive("de");
        message.cancel();
        assertEquals(0, chunks.owned());
        assertEquals(List.of("emptied"), heard);

        arrive("fg");
        assertEquals(0, chunks.owned());
    }

    @Test
    void anEmptyChunkIsNoEnd() {
        Future<Buffer> asked = message.next();
        message.arrive(Buffer.buffer());
        assertFalse(asked.isComplete());

        arrive("abc");
        assertEquals("abc", taken(asked));
    }
}
