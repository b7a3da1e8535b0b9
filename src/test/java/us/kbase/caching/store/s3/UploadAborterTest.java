package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.LogCapture;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.Stores;

/** Aborts that a server refuses or does not answer. */
class UploadAborterTest {

    private final List<String> aborted = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Loop loop;
    private HttpServer server;
    private UploadAborter left;
    private volatile int failures;
    private volatile boolean silent;
    private volatile boolean refused;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        server = Await.result(vertx.createHttpServer()
                .requestHandler(request -> {
                    aborted.add(request.path() + " " + request.getParam("uploadId"));
                    if (!silent) {
                        int status = refused ? 403 : failures-- > 0 ? 503 : 204;
                        request.response()
                                .putHeader("x-amz-request-id", "1")
                                .setStatusCode(status)
                                .end();
                    }
                })
                .listen(0, "127.0.0.1"));
        S3Connection connection =
                S3Servers.standIn("http://127.0.0.1:" + server.actualPort()).within(4, Duration.ofSeconds(60));
        left = loop.call(() -> Future.succeededFuture(new UploadAborter(
                vertx,
                Stores.calls(vertx, connection),
                InstantSource.system(),
                new UploadAborter.RetryTimes(Duration.ofHours(24), Duration.ofMillis(20)))));
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @DisplayName(
            "S7: an abort that failed is tried again until it is done, and the failed upload does not wait for that")
    @Test
    void anAbortThatFailedIsTriedAgain() {
        failures = 3;
        loop.call(() -> left.abort(Future.succeededFuture(), "id", "u1"));
        Await.until("the fourth try", () -> aborted.size() == 4);
        assertEquals(List.of("/bucket/id u1"), aborted.stream().distinct().toList());
    }

    @Test
    void aRefusalToAbortIsSaidOnceAndTheAbortIsTriedAgain() {
        refused = true;
        try (LogCapture log = new LogCapture()) {
            loop.call(() -> left.abort(Future.succeededFuture(), "id", "u1"));
            Await.until("the third try", () -> aborted.size() == 3);
            assertEquals(
                    1,
                    log.lines().stream()
                            .filter(line -> line.contains("does not abort an upload of id"))
                            .count(),
                    log.lines()::toString);
        }
    }

    @Test
    void anAbortThatWasHeardIsNotSaidAgain() {
        loop.call(() -> left.abort(Future.succeededFuture(), "id", "heard"));
        failures = 1;
        loop.call(() -> left.abort(Future.succeededFuture(), "id", "failed"));
        Await.until("the second try of the other", () -> Collections.frequency(aborted, "/bucket/id failed") == 2);
        assertEquals(1, Collections.frequency(aborted, "/bucket/id heard"));
    }

    @Test
    void anUploadIsAbortedOnlyWhenNoPartIsOnItsWay() {
        Promise<Void> settled = Promise.promise();
        loop.call(() -> left.abort(settled.future(), "id", "u1"));
        assertEquals(List.of(), aborted);
        settled.complete();
        Await.until("the abort", () -> aborted.size() == 1);
    }

    @Test
    void anAbortWithoutAnAnswerHoldsNobodyForMoreThanAMoment() {
        silent = true;
        long began = System.nanoTime();
        loop.call(() -> left.abort(Future.succeededFuture(), "id", "u1"));
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(10).toNanos());
    }
}
