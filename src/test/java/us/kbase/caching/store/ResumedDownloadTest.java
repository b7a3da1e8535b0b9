package us.kbase.caching.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.ReadOnlyStore;
import us.kbase.caching.testing.ScriptedSource;

/** A download that goes on after its store stream was given back or cut. */
class ResumedDownloadTest {

    private static final Buffer CONTENT = Buffer.buffer("0123456789");
    private static final Stored STORED = new Stored("key", "\"v1\"", 10, Map.of());
    private static final Duration HELD = Duration.ofMillis(100);
    private static final Failure CUT = new Failure.Upstream("cut", null);

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final List<String> reopened = new CopyOnWriteArrayList<>();
    private final List<Future<Optional<Download>>> answers = new ArrayList<>();
    private BiFunction<Download, ByteRange, Download> lies = ResumedDownloadTest::asAsked;
    private ScriptedSource first;

    @BeforeEach
    void theStoreHasTheContent() {
        first = ScriptedSource.of(CONTENT, 4);
    }

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private ResumedDownload download(long start, long length, ByteSource bytes) {
        ObjectStore store = new ReadOnlyStore((range, etag) -> {
            reopened.add(range.first() + "-" + range.last() + " " + etag.orElse("any"));
            return answers.remove(0).map(found -> found.map(rest -> lies.apply(rest, range)));
        });
        return new ResumedDownload(vertx, store, new Download(STORED, start, length, bytes), HELD);
    }

    private static Download asAsked(Download rest, ByteRange range) {
        return new Download(STORED, range.first(), range.last() + 1 - range.first(), rest.bytes());
    }

    private void thenGives(ByteSource bytes) {
        answers.add(Future.succeededFuture(Optional.of(new Download(STORED, 0, 0, bytes))));
    }

    private String next(ResumedDownload download) {
        return loop.call(download::next).toString();
    }

    private String rest(ResumedDownload download) {
        Buffer all = Buffer.buffer();
        return loop.call(() -> Pump.run(download, chunk -> Future.succeededFuture(all.appendBuffer(chunk)))
                .map(v -> all.toString()));
    }

    @Test
    void aReaderThatTakesNothingForAWhileGivesTheStreamBackAndGoesOnWhereItWas() {
        ResumedDownload download = download(0, 10, first);
        assertEquals("0123", next(download));
        Await.until("the stream was given back", () -> first.cancels() == 1);
        assertEquals(List.of(), reopened);
        thenGives(ScriptedSource.of(CONTENT.slice(4, 10), 4));

        assertEquals("456789", rest(download));
        assertEquals(List.of("4-9 \"v1\""), reopened);
    }

    /** MinIO reads a stream that is given back to the end of what was asked for. */
    @Test
    void theRestIsAskedForInWindowsThatGrowUntilTheReaderStallsAgain() {
        int mebibyte = 1 << 20;
        List<ScriptedSource> windows = new CopyOnWriteArrayList<>();
        Buffer zeros = Buffer.buffer(new byte[9 * mebibyte]);
        ObjectStore store = new ReadOnlyStore((range, etag) -> {
            reopened.add(range.first() / (double) mebibyte + " to " + (range.last() + 1) / (double) mebibyte);
            ScriptedSource bytes =
                    ScriptedSource.of(zeros.slice((int) range.first(), (int) range.last() + 1), mebibyte / 4);
            windows.add(bytes);
            return Future.succeededFuture(
                    Optional.of(new Download(large(), range.first(), range.last() + 1 - range.first(), bytes)));
        });
        ScriptedSource whole = ScriptedSource.of(zeros, mebibyte / 4);
        ResumedDownload download =
                new ResumedDownload(vertx, store, new Download(large(), 0, zeros.length(), whole), HELD);
        next(download);
        Await.until("the stream was given back", () -> whole.cancels() == 1);
        for (int quarters = 0; quarters < 5; quarters++) {
            next(download);
        }
        assertEquals(List.of("0.25 to 1.25", "1.25 to 3.25"), reopened);
        Await.until("the window was given back", () -> windows.get(1).cancels() == 1);

        assertEquals(zeros.length() - 6 * mebibyte / 4, rest(download).length());
        assertEquals(
                List.of("0.25 to 1.25", "1.25 to 3.25", "1.5 to 2.5", "2.5 to 4.5", "4.5 to 8.5", "8.5 to 9.0"),
                reopened);
    }

    private static Stored large() {
        return new Stored("key", STORED.etag(), 9 << 20, Map.of());
    }

    @Test
    void aReaderThatKeepsTakingKeepsItsStream() {
        ResumedDownload download = download(0, 10, first);

        assertEquals("0123456789", rest(download));
        assertEquals(List.of(), reopened);
    }

    @Test
    void aStreamThatBreaksIsReplacedWhereItBroke() {
        ResumedDownload download = download(0, 10, ScriptedSource.broken(CONTENT.slice(0, 8), 4, CUT));
        thenGives(ScriptedSource.of(CONTENT.slice(8, 10), 4));

        assertEquals("0123456789", rest(download));
        assertEquals(List.of("8-9 \"v1\""), reopened);
    }

    @Test
    void aStreamThatEndsTooSoonIsNoEnd() {
        ResumedDownload download = download(0, 10, ScriptedSource.of(CONTENT.slice(0, 4), 4));
        thenGives(ScriptedSource.of(CONTENT.slice(4, 10), 4));

        assertEquals("0123456789", rest(download));
    }

    @Test
    void aRangeIsResumedWithinItself() {
        ResumedDownload download = download(3, 4, ScriptedSource.broken(CONTENT.slice(3, 5), 4, CUT));
        thenGives(ScriptedSource.of(CONTENT.slice(5, 7), 4));

        assertEquals("3456", rest(download));
        assertEquals(List.of("5-6 \"v1\""), reopened);
    }

    @Test
    void aSecondFailureWithoutProgressEndsIt() {
        ResumedDownload download = download(0, 10, ScriptedSource.broken(CONTENT.slice(0, 4), 4, CUT));
        answers.add(Future.failedFuture(CUT));

        assertEquals(CUT, loop.failureOf(() -> Pump.run(download, chunk -> Future.succeededFuture())));
        assertEquals(1, reopened.size());
    }

    @Test
    void aFailureAfterProgressIsAFirstOneAgain() {
        ResumedDownload download = download(0, 10, ScriptedSource.broken(CONTENT.slice(0, 4), 4, CUT));
        thenGives(ScriptedSource.broken(CONTENT.slice(4, 8), 4, CUT));
        thenGives(ScriptedSource.of(CONTENT.slice(8, 10), 4));

        assertEquals("0123456789", rest(download));
    }

    @Test
    void aFileThatChangedIsNotGoneOnWith() {
        ResumedDownload download = download(0, 10, ScriptedSource.broken(CONTENT.slice(0, 4), 4, CUT));
        answers.add(Future.failedFuture(new Conflict()));

        assertInstanceOf(
                Failure.Upstream.class, loop.failureOf(() -> Pump.run(download, chunk -> Future.succeededFuture())));
    }

    @Test
    void aFileThatIsGoneIsNotGoneOnWith() {
        ResumedDownload download = download(0, 10, ScriptedSource.broken(CONTENT.slice(0, 4), 4, CUT));
        answers.add(Future.succeededFuture(Optional.empty()));

        assertInstanceOf(
                Failure.Upstream.class, loop.failureOf(() -> Pump.run(download, chunk -> Future.succeededFuture())));
    }

    static Stream<UnaryOperator<Download>> otherThanTheRest() {
        Stored changed = new Stored("key", "\"v2\"", 10, Map.of());
        Stored longer = new Stored("key", STORED.etag(), 11, Map.of());
        return Stream.of(
                rest -> new Download(changed, rest.startBytes(), rest.lengthBytes(), rest.bytes()),
                rest -> new Download(longer, rest.startBytes(), rest.lengthBytes(), rest.bytes()),
                rest -> new Download(STORED, 0, rest.lengthBytes(), rest.bytes()),
                rest -> new Download(STORED, rest.startBytes(), 10, rest.bytes()));
    }

    @ParameterizedTest
    @MethodSource("otherThanTheRest")
    void whatIsNotTheRestOfTheFileIsNotGoneOnWith(UnaryOperator<Download> lie) {
        ResumedDownload download = download(0, 10, ScriptedSource.broken(CONTENT.slice(0, 4), 4, CUT));
        lies = (rest, range) -> lie.apply(asAsked(rest, range));
        ScriptedSource wrong = ScriptedSource.of(CONTENT.slice(4, 10), 4);
        thenGives(wrong);

        assertInstanceOf(
                Failure.Upstream.class, loop.failureOf(() -> Pump.run(download, chunk -> Future.succeededFuture())));
        assertEquals(1, wrong.cancels());
    }

    @Test
    void aReaderThatStallsBeforeTheEndOnlyAsksForNothingMore() {
        ResumedDownload download = download(0, 4, ScriptedSource.of(CONTENT.slice(0, 4), 4));
        assertEquals("0123", next(download));
        assertTrue(ByteSource.isEnd(loop.call(download::next)));
        assertEquals(List.of(), reopened);
    }

    @Test
    void whatIsCancelledIsNotReplaced() {
        ResumedDownload download = download(0, 10, first);
        assertEquals("0123", next(download));
        loop.call(() -> {
            download.cancel();
            return Future.succeededFuture();
        });

        assertEquals(1, first.cancels());
    }
}
