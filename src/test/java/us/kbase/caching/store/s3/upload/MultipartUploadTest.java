package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.s3.error.Refused;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CountedChunks;
import us.kbase.caching.testing.LateSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.ScriptedSource;

/** Parts in flight: how many, in which order, which of them once more, and what is left of them. */
class MultipartUploadTest {

    private static final int RETAINED_BYTES = 100;

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final CountedChunks chunks = new CountedChunks();
    private final RetentionBudget retention = new RetentionBudget(RETAINED_BYTES);
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    /** A part that S3 has read and not answered. */
    private record Sent(int number, String text, Promise<Void> answer) {}

    @AfterEach
    void nothingIsKept() {
        Await.until("no part is kept", () -> retention.freeBytes() == RETAINED_BYTES && chunks.owned() == 0);
        Await.result(vertx.close());
    }

    private MultipartUpload upload(RetentionBudget kept, Function<Sent, Future<Void>> answer) {
        MultipartUpload.PartCall call = (key, id, number, bytes, lengthBytes) -> bytes.collect(length -> {})
                .compose(all -> {
                    Sent one = new Sent(number, all.toString(), Promise.promise());
                    sent.add(one);
                    return answer.apply(one);
                })
                .map(v -> CompletedPart.builder()
                        .partNumber(number)
                        .eTag("tag " + number)
                        .build());
        return new MultipartUpload(
                vertx, call, new Retries(vertx), kept, new PartThrottle(vertx, System::nanoTime), "key", "upload");
    }

    private List<String> texts() {
        return sent.stream().map(Sent::text).toList();
    }

    private BodySplitter body(String text, int chunkChars) {
        return new BodySplitter(ScriptedSource.of(chunks.cut(text, chunkChars)));
    }

    private void answer(int part) {
        loop.call(() -> {
            sent.get(part).answer().complete();
            return Future.succeededFuture();
        });
    }

    /** What the store says when the same may go well soon. */
    private static Future<Void> slowDown() {
        return Future.failedFuture(new Failure.Upstream("The object store answered 503", new Refused(503, "SlowDown")));
    }

    @Test
    void thePlannedPartsAndWhatIsLeftAreSentInOrder() {
        MultipartUpload upload = upload(retention, part -> Future.succeededFuture());
        loop.call(() -> upload.stream(body("aaaabbbbccd", 3), new PartPlan(4, 2, 4), 10));

        assertEquals(List.of("aaaa", "bbbb", "ccd"), texts());
        assertEquals(
                List.of(1, 2, 3),
                upload.parts().stream().map(CompletedPart::partNumber).toList());
    }

    @Test
    void nothingLeftIsNoPart() {
        MultipartUpload upload = upload(retention, part -> Future.succeededFuture());
        loop.call(() -> upload.stream(body("aaaabbbb", 3), new PartPlan(4, 2, 4), 10));

        assertEquals(List.of("aaaa", "bbbb"), texts());
    }

    @Test
    void twoPartsAreInFlightAndTheThirdBeginsWhenTheFirstWasAnswered() {
        MultipartUpload upload = upload(retention, part -> part.answer().future());
        Future<Void> streamed = loop.start(() -> upload.stream(body("aaaabbbbccccdddd", 4), new PartPlan(4, 4, 4), 10));
        Await.until("two are in flight", () -> sent.size() == 2);
        loop.call(() -> Future.succeededFuture()); // whatever the loop had to do is done
        assertEquals(2, sent.size());

        answer(0);
        Await.until("the third began", () -> sent.size() == 3);
        answer(1);
        Await.until("the fourth began", () -> sent.size() == 4);
        answer(2);
        assertFalse(streamed.isComplete());
        answer(3);
        Await.result(streamed);
    }

    @Test
    void aBodyThatIsLongerThanPlannedIsRefused() {
        MultipartUpload upload = upload(retention, part -> Future.succeededFuture());
        Throwable failure = loop.failureOf(() -> upload.stream(body("aaaabbbbccd", 3), new PartPlan(4, 2, 4), 2));

        assertEquals(Failure.BadInput.class, failure.getClass());
        assertEquals(List.of("aaaa", "bbbb"), texts());
    }

    @Test
    void aPartThatFailedIsSentAgainWhileItsBytesAreKept() {
        MultipartUpload upload = upload(retention, part -> sent.size() == 1 ? slowDown() : Future.succeededFuture());
        loop.call(() -> upload.stream(body("aaaabb", 3), new PartPlan(4, 1, 4), 10));

        assertEquals(List.of("aaaa", "aaaa", "bb"), texts());
    }

    @Test
    void aPartWhoseBytesWereLetGoFailsTheUpload() {
        MultipartUpload upload = upload(new RetentionBudget(0), part -> slowDown());
        Throwable failure = loop.failureOf(() -> upload.stream(body("aaaa", 3), new PartPlan(4, 1, 4), 10));

        assertEquals(Failure.Upstream.class, failure.getClass());
        assertEquals(List.of("aaaa"), texts());
    }

    @Test
    void aFailureThatDoesNotPassIsNotTriedAgain() {
        IllegalStateException cause = new IllegalStateException("for good");
        MultipartUpload upload = upload(retention, part -> Future.failedFuture(cause));

        assertSame(cause, loop.failureOf(() -> upload.stream(body("aaaa", 3), new PartPlan(4, 1, 4), 10)));
        assertEquals(List.of("aaaa"), texts());
    }

    @Test
    void nothingIsReadBehindAPartThatFailed() {
        ScriptedSource source = ScriptedSource.of(Buffer.buffer("aaaabbbbccccdddd"), 4);
        MultipartUpload upload = upload(
                retention,
                part -> part.number() == 1
                        ? Future.failedFuture(new IllegalStateException("for good"))
                        : part.answer().future());
        loop.failureOf(() -> upload.stream(new BodySplitter(source), new PartPlan(4, 4, 4), 10));

        assertEquals(4, source.givenBytes());
    }

    @Test
    void aPartInMemoryIsSentAgainAsItIs() {
        MultipartUpload upload =
                upload(new RetentionBudget(0), part -> sent.size() == 1 ? slowDown() : Future.succeededFuture());
        loop.call(() -> upload.memory(1, Buffer.buffer("aaaa")));

        assertEquals(List.of("aaaa", "aaaa"), texts());
    }

    @Test
    void aPartOfGuessedLengthIsSentOnce() {
        MultipartUpload upload = upload(retention, part -> slowDown());
        loop.failureOf(() -> upload.once(ByteSource.of(chunks.of("aaaa")), 4));

        assertEquals(List.of("aaaa"), texts());
    }

    @Test
    void itIsSettledWhenPartsThatReadAreEndedAndOthersAreAnswered() {
        LateSource late = new LateSource();
        MultipartUpload upload = upload(retention, part -> part.answer().future());
        Future<Void> first = loop.start(() -> upload.memory(1, Buffer.buffer("aaaa")));
        Future<Void> reading = loop.start(() -> upload.once(late, 4));
        Await.until("one is sent and the other asks", () -> sent.size() == 1 && late.questions() == 1);
        Future<?> settled = loop.start(() -> {
            Future<?> none = upload.settled();
            return none.mapEmpty();
        });
        Await.until("whoever still reads is ended", reading::isComplete);
        assertTrue(reading.failed());
        assertFalse(settled.isComplete());

        answer(0);
        Await.result(settled);
        assertTrue(first.isComplete());
    }
}
