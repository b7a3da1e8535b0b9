package us.kbase.caching.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Loop;

class StepsTest {

    private static final int MANY = 200_000;

    private final AtomicInteger steps = new AtomicInteger();

    @Test
    void stepsThatAreDoneAtOnceNeedNoStack() {
        Await.result(Steps.whileMore(() -> Future.succeededFuture(steps.incrementAndGet() < MANY)));
        assertEquals(MANY, steps.get());
    }

    @Test
    void stepsThatAreDoneLaterNeedNoStackEither() {
        Vertx vertx = Vertx.vertx();
        Loop loop = new Loop(vertx);
        loop.call(() -> Steps.whileMore(() ->
                Future.future(promise -> vertx.runOnContext(v -> promise.complete(steps.incrementAndGet() < MANY)))));
        assertEquals(MANY, steps.get());
        Await.result(vertx.close());
    }

    @Test
    void theFirstValueIsTheEndHoweverManyStepsItTook() {
        assertEquals(
                "found",
                Await.result(Steps.until(() -> Future.succeededFuture(
                        Optional.of("found").filter(value -> steps.incrementAndGet() == MANY)))));
        assertEquals(MANY, steps.get());
    }

    @Test
    void aPublishThatIsRefusedManyTimesNeedsNoStack() {
        Guard guard = new Guard() {
            @Override
            public Precondition first() {
                return new Precondition.Absent();
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.succeededFuture(new Precondition.Matches(Integer.toString(steps.incrementAndGet())));
            }
        };
        String last = Integer.toString(MANY);
        assertEquals(
                last,
                Await.result(guard.publish(condition -> Future.succeededFuture(
                        condition instanceof Precondition.Matches matches
                                        && matches.etag().equals(last)
                                ? Optional.of(last)
                                : Optional.empty()))));
    }

    @Test
    void theFirstFailureIsTheEnd() {
        Await.failure(
                IllegalStateException.class,
                Steps.whileMore(() -> steps.incrementAndGet() < 3
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(new IllegalStateException())));
        assertEquals(3, steps.get());
    }

    @Test
    void whatAStepThrowsIsTheEndToo() {
        Await.failure(IllegalStateException.class, Steps.whileMore(() -> {
            throw new IllegalStateException();
        }));
    }

    @Test
    void whatACallOfAFanoutThrowsIsItsFailure() {
        Await.failure(IllegalStateException.class, ForEachConcurrently.each(java.util.List.of(1, 2, 3), 2, number -> {
            throw new IllegalStateException();
        }));
    }
}
