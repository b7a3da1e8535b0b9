package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.ScriptedSource;

/** Bytes in memory: nothing that was not paid for, and all of it given back. */
class HeldBodyTest {

    private static final int BUDGET_BYTES = 100;

    private final UploadMemory memory = new UploadMemory(BUDGET_BYTES);
    private final HeldBody held = new HeldBody(memory.share(0));

    @AfterEach
    void allIsGivenBack() {
        held.release();
        assertEquals(BUDGET_BYTES, memory.freeBytes());
    }

    private void pay(int bytes) {
        assertTrue(held.share().tryGrow(bytes, 0));
        held.add(bytes);
    }

    private static String all(ByteSource source) {
        return Await.result(source.collect(length -> {})).toString();
    }

    @Test
    void takesNoMoreThanWasPaidFor() {
        assertFalse(held.hasRoom());
        assertEquals("abc", held.fill(Buffer.buffer("abc")).toString());
        assertEquals(0, held.length());

        pay(2);
        assertEquals("c", held.fill(Buffer.buffer("abc")).toString());
        assertEquals(2, held.length());
        assertFalse(held.hasRoom());
    }

    @Test
    void givesAllOfItAsOftenAsItIsAsked() {
        pay(2);
        held.fill(Buffer.buffer("ab"));
        pay(3);
        held.fill(Buffer.buffer("cd"));

        assertEquals("abcd", all(held.source()));
        assertEquals("abcd", all(held.source()));
    }

    @Test
    void aSourceOfWhatIsReleasedFailsAndGivesNoMemoryOfAnothers() {
        pay(2);
        held.fill(Buffer.buffer("ab"));
        ByteSource source = held.source();
        held.release();

        Await.failure(IllegalStateException.class, source.next());
    }

    @Test
    void onePieceIsGivenAsItIsAndSeveralAreNot() {
        pay(2);
        held.fill(Buffer.buffer("ab"));
        assertEquals("ab", held.onePiece().orElseThrow().toString());

        pay(2);
        assertTrue(held.onePiece().isEmpty());
    }

    @Test
    void aDrainedBodyGivesBackEachPieceThatIsTaken() {
        pay(20);
        held.fill(Buffer.buffer("ab"));
        pay(30);
        held.fill(Buffer.buffer("cd"));
        ByteSource drained = held.drainedInto(ScriptedSource.of(Buffer.buffer("rest"), 3));
        assertEquals(50, memory.freeBytes());

        Buffer first = drained.next().result();
        assertEquals(70, memory.freeBytes());
        Chunk.release(first);
        assertEquals("cdrest", all(drained));
        assertEquals(BUDGET_BYTES, memory.freeBytes());
    }

    @Test
    void aDrainedBodyThatIsGivenUpGivesBackAllAndGivesUpTheRest() {
        pay(20);
        ScriptedSource rest = ScriptedSource.of(Buffer.buffer("rest"), 3);
        held.drainedInto(rest).cancel();

        assertEquals(BUDGET_BYTES, memory.freeBytes());
        assertEquals(1, rest.cancels());
    }

    @Test
    void releasesEachPieceOnceHoweverOftenItIsAsked() {
        pay(2);
        Buffer piece = held.onePiece().orElseThrow();
        held.release();
        held.release();

        assertEquals(0, ((BufferImpl) piece).byteBuf().refCnt());
    }

    @Test
    void theLastPieceIsAsLongAsWhatCanComeYet() {
        assertEquals(1, HeldBody.pieceBytes(0));
        assertEquals(HeldBody.PIECE_BYTES + 1, HeldBody.pieceBytes(HeldBody.PIECE_BYTES + 1));
        assertEquals(HeldBody.PIECE_BYTES, HeldBody.pieceBytes(2L * HeldBody.PIECE_BYTES));
    }
}
