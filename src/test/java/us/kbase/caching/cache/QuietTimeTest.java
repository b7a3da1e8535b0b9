package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Stored;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;

class QuietTimeTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private final QuietTime quiet = new QuietTime(vertx, () -> NOW);

    @AfterEach
    void close() {
        Loop.await(vertx.close());
    }

    private static Stored replacedAt(Instant at) {
        return new Stored("id", "\"etag\"", 9, Map.of("replaced-at", Long.toString(at.getEpochSecond())));
    }

    @Test
    void theWaitEndsWhenTheClientLeaves() {
        Promise<Void> gone = Promise.promise();
        Future<Void> over = quiet.over(replacedAt(NOW), gone.future());
        assertFalse(over.isComplete());
        gone.complete();
        Await.failure(Failure.ClientGone.class, over);
    }

    @Test
    void nobodyWaitsOnceTheTimeIsOver() {
        assertTrue(
                quiet.over(replacedAt(NOW.minusSeconds(13)), Departures.NEVER).succeeded());
    }
}
