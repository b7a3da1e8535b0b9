package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.RawS3;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;
import us.kbase.caching.testing.Stores;

/**
 * Writes whose replies are lost, and which the network delivers late, or twice. The store refuses what is signed for a time that is
 * over; the test's clock is the store's, so nobody waits for twelve seconds.
 */
class LateWritesTest {

    private static final DateTimeFormatter SIGNED = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final Told LOST = new Told(Buffer.buffer(), Told.Then.CLOSES);
    private static final String OLD = "\"old\"";

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(ahead.get());
    private final List<Asked> writes = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Loop loop;
    private RawS3 server;
    private ObjectStore store;

    /** What lies under the one key: an ETag and a mark, or nothing. */
    private static final Told TURNED_AWAY = Told.of(
            "HTTP/1.1 503 X\r\nx-amz-request-id: 1\r\nContent-Length: 43\r\n",
            Buffer.buffer("<Error><Code>SlowDown</Code></Error>       "));

    private volatile String etag = OLD;

    private volatile String mark = "";

    private volatile boolean turnsAway;

    private volatile boolean answersTheSecond;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        server = RawS3.start(vertx, this::answer);
        store = loop.call(() -> Future.succeededFuture(
                new S3ObjectStore(vertx, server.bucket(), Stores.means(), new StoreTime(clock))));
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    /** Loses the reply to every write, or turns all but the first away, and does nothing of any; or does the second. */
    private Told answer(Asked asked) {
        if (!asked.is("HEAD")) {
            writes.add(asked);
            if (answersTheSecond && writes.size() == 2) {
                deliver(asked);
                return Told.of("HTTP/1.1 200 OK\r\nETag: \"new\"\r\nContent-Length: 0\r\n", Buffer.buffer());
            }
            return turnsAway && writes.size() > 1 ? TURNED_AWAY : LOST;
        }
        return etag.isEmpty()
                ? Told.of("HTTP/1.1 404 X\r\nx-amz-request-id: 1\r\nContent-Length: 0\r\n", Buffer.buffer())
                : Told.of(
                        "HTTP/1.1 200 OK\r\nETag: " + etag + "\r\nContent-Length: 3\r\nx-amz-meta-write-nonce: " + mark
                                + "\r\n",
                        Buffer.buffer());
    }

    private Instant lifeEnd(Asked write) {
        return LocalDateTime.parse(query(write, "X-Amz-Date"), SIGNED)
                .toInstant(ZoneOffset.UTC)
                .plusSeconds(Long.parseLong(query(write, "X-Amz-Expires")));
    }

    private static String query(Asked write, String name) {
        int from = write.line().indexOf(name + "=") + name.length() + 1;
        int end = write.line().indexOf('&', from);
        return write.line().substring(from, end < 0 ? write.line().indexOf(' ', from) : end);
    }

    /** The network delivers a write now, for the first time or once more: the store does it or refuses. */
    private void deliver(Asked write) {
        String condition = write.header("If-Match");
        if (clock.instant().isAfter(lifeEnd(write)) || !condition.isEmpty() && !condition.equals(etag)) {
            return;
        }
        etag = write.is("DELETE") ? "" : "\"new\"";
        mark = write.header("x-amz-meta-write-nonce");
    }

    private void timePasses(Duration time) {
        ahead.updateAndGet(time::plus);
    }

    private Future<?> put() {
        return put(new Precondition.Matches(OLD));
    }

    private Future<?> put(Precondition condition) {
        return loop.start(() ->
                store.put("id", new Body(ByteSource.of(Buffer.buffer("new")), 3), Map.of(), Guard.once(condition)));
    }

    /** Nearly all of a life passes once the first write was seen; the rest is waited for. */
    private void nearlyOver() {
        Await.until("a write", () -> !writes.isEmpty());
        timePasses(Duration.ofSeconds(8));
    }

    @Test
    void aPublishWhoseFirstTryLandsAfterLaterOnesWereTurnedAwayIsSuccess() {
        turnsAway = true;
        Future<?> published = put();
        Await.until("all tries", () -> writes.size() == 3);
        assertFalse(published.isComplete());

        deliver(writes.getFirst());
        timePasses(Duration.ofSeconds(20));
        Await.result(published);
    }

    @Test
    void aDeletionIsNotRepeatedAndNothingIsToldOfItWhileItMayStillLand() {
        Future<?> deleted = loop.start(() -> store.delete("id"));
        nearlyOver();
        assertFalse(deleted.isComplete());

        Throwable cause = loop.failureOf(() -> deleted);
        assertInstanceOf(Failure.Upstream.class, cause);
        assertEquals(1, writes.size());
        assertTrue(clock.instant().isAfter(lifeEnd(writes.get(0))));
    }

    @Test
    void aDeletionThatIsDeliveredLateOrTwiceHitsNothingThatWasMadeAfterItWasTold() {
        Future<?> deleted = loop.start(() -> store.delete("id"));
        nearlyOver();
        deliver(writes.get(0));
        Loop.await(deleted);
        etag = OLD; // made anew, and acknowledged, with the same bytes

        deliver(writes.get(0));
        assertEquals(OLD, etag);
    }

    @Test
    void aDeletionThatLandedIsSuccessThoughItsReplyWasLost() {
        Future<?> deleted = loop.start(() -> store.delete("id"));
        nearlyOver();
        deliver(writes.get(0));
        Loop.await(deleted);
        assertEquals(1, writes.size());
    }

    @Test
    void anUploadThatFailedCannotLandOverTheSameBytesUploadedAgain() {
        Future<?> put = put();
        Await.until("all tries", () -> writes.size() == 3);
        timePasses(Duration.ofSeconds(8));
        assertFalse(put.isComplete());
        assertInstanceOf(Failure.Upstream.class, loop.failureOf(() -> put));
        etag = OLD; // the old bytes again, uploaded and acknowledged since

        writes.forEach(this::deliver);
        assertEquals(OLD, etag);
    }

    @Test
    void anUploadThatLandsLateIsSuccessWhenItsLifeIsOver() {
        Future<?> put = put();
        Await.until("all tries", () -> writes.size() == 3);
        timePasses(Duration.ofSeconds(8));
        deliver(writes.get(0));
        assertEquals("\"new\"", Loop.await(put));
    }

    /** Over a result, whose bytes may be uploaded again, so that its ETag comes back. */
    @Test
    void anUploadOfWhichOneTryWasLostIsToldWhenThatCannotLandOverTheOldBytesUploadedAgain() {
        answersTheSecond = true;
        Future<?> put = put();
        Await.until("both tries", () -> writes.size() == 2);
        timePasses(Duration.ofSeconds(8));
        assertFalse(put.isComplete());
        Loop.await(put);
        etag = OLD; // the old bytes again, uploaded and acknowledged since

        deliver(writes.getFirst());
        assertEquals(OLD, etag);
    }

    /** A placeholder's ETag does not come back. */
    @Test
    void anUploadOfWhichOneTryWasLostIsToldAtOnceWhereItsConditionCannotHoldAgain() {
        answersTheSecond = true;
        Loop.await(put(new Precondition.Matches(OLD, Precondition.Recurrence.IMPOSSIBLE)));
        assertEquals(2, writes.size());
        assertTrue(clock.instant().isBefore(lifeEnd(writes.getFirst())));
    }

    @Test
    void everyTryOfAWriteCarriesTheSameMark() {
        Future<?> put = put();
        Await.until("all tries", () -> writes.size() == 3);
        timePasses(Duration.ofSeconds(12));
        loop.failureOf(() -> put);
        assertEquals(
                1,
                writes.stream()
                        .map(write -> write.header("x-amz-meta-write-nonce"))
                        .distinct()
                        .count());
    }
}
