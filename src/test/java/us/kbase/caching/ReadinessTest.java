package us.kbase.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.UnaskedStore;

class ReadinessTest {

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = new Loop(vertx);
    private final AtomicInteger probes = new AtomicInteger();
    private final AtomicReference<Optional<String>> reason = Readiness.unknown();

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    private Future<Void> watch(IntFunction<Future<Void>> answer) {
        return loop.start(() -> Readiness.watch(
                vertx,
                new UnaskedStore() {
                    @Override
                    public Future<Void> prepare() {
                        return answer.apply(probes.incrementAndGet());
                    }
                },
                reason));
    }

    private static Future<Void> down() {
        return Future.failedFuture(new Failure.Upstream("down", null));
    }

    @Test
    void aStoreThatIsDownIsTriedAgainAndItsReturnIsSeenAlsoAfterAProbeThatThrew() {
        Await.result(watch(probe -> switch (probe) {
            case 1 -> down();
            case 2 -> throw new IllegalStateException();
            default -> Future.succeededFuture();
        }));
        assertTrue(reason.get().isPresent());
        Await.until("ready", () -> reason.get().isEmpty());
    }

    @Test
    void noProbeBeginsBeforeTheLastHasEnded() {
        Await.result(watch(probe ->
                probe == 1 ? Future.succeededFuture() : Promise.<Void>promise().future()));
        Await.until("a probe that is not answered", () -> probes.get() == 2);
        Await.result(vertx.timer(3000));
        assertEquals(2, probes.get());
    }

    @Test
    void aStoreThatRefusesUsIsNoStart() {
        Await.failure(
                IllegalStateException.class, watch(probe -> Future.failedFuture(new IllegalStateException("no"))));
    }
}
