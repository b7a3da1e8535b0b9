package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CountedChunks;
import us.kbase.caching.testing.LateSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.ScriptedSource;

/** Bodies of unknown length in memory: paid for as they come, given back as they go. */
class UnsizedUploadTest {

    private static final int PIECE_BYTES = 64 << 10;
    private static final int MEMORY_BYTES = 3 * PIECE_BYTES;
    private static final Duration PATIENT = Duration.ofMinutes(2);

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final UploadMemory memory = new UploadMemory(MEMORY_BYTES);
    private final List<Long> sentBytes = new ArrayList<>();

    @AfterEach
    void allMemoryIsGivenBack() {
        assertEquals(MEMORY_BYTES, memory.freeBytes());
        assertEquals(0, memory.waiting());
        Await.result(vertx.close());
    }

    private UnsizedUpload collecting(Duration waitMax) {
        return new UnsizedUpload(vertx, memory, waitMax);
    }

    private static ScriptedSource body(int bytes) {
        return ScriptedSource.of(Buffer.buffer(new byte[bytes]), 10_000);
    }

    private MultipartUpload upload(Supplier<Future<Void>> answer) {
        MultipartUpload.PartCall call = (key, id, number, bytes, lengthBytes) -> {
            sentBytes.add(lengthBytes);
            return bytes.collect(length -> {})
                    .compose(all -> answer.get())
                    .map(v -> CompletedPart.builder()
                            .partNumber(number)
                            .eTag("tag")
                            .build());
        };
        return new MultipartUpload(
                vertx,
                call,
                new Retries(vertx),
                new RetentionBudget(0),
                new PartThrottle(vertx, System::nanoTime),
                "key",
                "upload");
    }

    /** Takes all memory, and gives it back by closing. */
    private UploadMemory.Share all() {
        UploadMemory.Share share = memory.share(0);
        assertTrue(share.tryGrow(MEMORY_BYTES, 0));
        return share;
    }

    @Test
    void beginsWithTheFirstPieceAndAsksForNoMore() {
        ScriptedSource body = body(1 << 20);
        UnsizedUpload.Part begun = loop.call(() -> collecting(PATIENT).begin(new BodySplitter(body)));

        assertFalse(begun.ended());
        assertEquals(PIECE_BYTES, begun.held().length());
        assertEquals(70_000, body.givenBytes()); // whole chunks
        assertEquals(MEMORY_BYTES - PIECE_BYTES, memory.freeBytes());
        begun.held().release();
    }

    @Test
    void aBodyThatEndsWithinTheFirstPieceIsWhole() {
        UnsizedUpload.Part begun = loop.call(() -> collecting(PATIENT).begin(new BodySplitter(body(20_000))));

        assertTrue(begun.ended());
        assertEquals(20_000, begun.held().length());
        begun.held().release();
    }

    @Test
    void everyPartIsSentAndGivenBackBeforeTheNextIsCollected() {
        List<Long> free = new ArrayList<>();
        MultipartUpload upload = upload(() -> {
            free.add(memory.freeBytes());
            return Future.succeededFuture();
        });
        UnsizedUpload collecting = collecting(PATIENT);
        loop.call(() -> collecting
                .begin(new BodySplitter(body(MEMORY_BYTES + 20_000)))
                .compose(begun -> collecting.parts(upload, begun)));

        assertEquals(List.of((long) MEMORY_BYTES, 20_000L), sentBytes);
        assertEquals(List.of(0L, (long) MEMORY_BYTES - PIECE_BYTES), free);
    }

    @Test
    void aPartThatFailsGivesItsMemoryBack() {
        UnsizedUpload collecting = collecting(PATIENT);
        MultipartUpload upload = upload(() -> Future.failedFuture(new IllegalStateException("refused")));
        loop.failureOf(() ->
                collecting.begin(new BodySplitter(body(100_000))).compose(begun -> collecting.parts(upload, begun)));
    }

    @Test
    void aBodyThatBreaksGivesItsMemoryBack() {
        IllegalStateException cause = new IllegalStateException("broken");
        BodySplitter body = new BodySplitter(ScriptedSource.broken(Buffer.buffer(new byte[50_000]), 10_000, cause));
        assertSame(cause, loop.failureOf(() -> collecting(PATIENT).begin(body)));
    }

    @Test
    void everyChunkIsReleasedOnceItWasCopied() {
        CountedChunks chunks = new CountedChunks();
        BodySplitter body = new BodySplitter(ScriptedSource.of(chunks.cut("x".repeat(1000), 300)));
        UnsizedUpload.Part begun = loop.call(() -> collecting(PATIENT).begin(body));

        assertEquals(0, chunks.owned());
        begun.held().release();
    }

    @Test
    void waitsForRoomAndGoesOnWhenThereIsSome() {
        UploadMemory.Share other = all();
        Future<UnsizedUpload.Part> begun = loop.start(() -> collecting(PATIENT).begin(new BodySplitter(body(5_000))));
        Await.until("it waits", () -> memory.waiting() == 1);
        assertFalse(begun.isComplete());
        other.close();

        assertEquals(5_000, Await.result(begun).held().length());
        begun.result().held().release();
    }

    @Test
    void waitsNoLongerThanItMayAndIsBusyThen() {
        UploadMemory.Share other = all();
        Throwable failure =
                loop.failureOf(() -> collecting(Duration.ofMillis(20)).begin(new BodySplitter(body(5_000))));

        assertEquals(Failure.Busy.class, failure.getClass());
        other.close();
    }

    @Test
    void waitsNoLongerForABodyThatBroke() {
        IllegalStateException cause = new IllegalStateException("broken");
        CountedChunks chunks = new CountedChunks();
        LateSource late = new LateSource();
        UploadMemory.Share other = all();
        Future<UnsizedUpload.Part> begun = loop.start(() -> {
            Future<UnsizedUpload.Part> asked = collecting(PATIENT).begin(new BodySplitter(late));
            late.give(chunks.of("abc"));
            return asked;
        });
        Await.until("it waits", () -> memory.waiting() == 1);
        loop.call(() -> {
            late.breakOff(cause);
            return Future.succeededFuture();
        });

        assertSame(cause, Await.failure(IllegalStateException.class, begun));
        assertEquals(0, chunks.owned());
        other.close();
    }

    @Test
    void whatThereIsNoRoomForStaysWithItsSender() {
        ScriptedSource source = body(1 << 20);
        BodySplitter splitter = new BodySplitter(source);
        HeldBody held = loop.call(() -> collecting(PATIENT).whileRoom(splitter, 1 << 20));

        assertFalse(splitter.ended());
        assertTrue(source.givenBytes() <= MEMORY_BYTES + 10_000, "" + source.givenBytes());
        ByteSource all = held.drainedInto(splitter.atMost(Long.MAX_VALUE));
        assertEquals(1 << 20, Await.result(all.collect(length -> {})).length());
        held.release();
    }

    @Test
    void aBodyForWhichThereIsRoomIsHeldWhole() {
        BodySplitter splitter = new BodySplitter(body(50_000));
        HeldBody held = loop.call(() -> collecting(PATIENT).whileRoom(splitter, 50_000));

        assertTrue(splitter.ended());
        assertEquals(50_000, held.length());
        held.release();
    }

    @Test
    void aBodyThatBreaksWhileThereIsRoomGivesItsMemoryBack() {
        AtomicReference<LateSource> late = new AtomicReference<>(new LateSource());
        Throwable failure = loop.failureOf(() -> {
            Future<HeldBody> held = collecting(PATIENT).whileRoom(new BodySplitter(late.get()), 50_000);
            late.get().give("abc");
            late.get().breakOff(new IllegalStateException("broken"));
            return held;
        });
        assertEquals("broken", failure.getMessage());
    }
}
