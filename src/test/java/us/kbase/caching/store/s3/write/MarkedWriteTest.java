package us.kbase.caching.store.s3.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.simulation.Schedule;
import us.kbase.caching.simulation.SimulatedVertx;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;

/** What a write tells when some of its tries were answered, and some were not. */
class MarkedWriteTest {

    private static final Failure.Upstream LOST = new Failure.Upstream("no answer", null);

    private static final Precondition SEEN = new Precondition.Matches("\"seen\"");

    /** That of an upload: it would publish again, or say that there is nothing to publish onto. */
    private static final Guard OF_AN_UPLOAD = new Guard() {
        @Override
        public Precondition first() {
            return SEEN;
        }

        @Override
        public Future<Precondition> afterConflict() {
            return Future.failedFuture(new Failure.NotFound());
        }

        @Override
        public boolean toleratesUnknownTries() {
            return false;
        }
    };

    private final Schedule schedule = new Schedule(1);
    private final Vertx vertx = SimulatedVertx.of(schedule, Schedule.WORLD);
    private final Deque<Future<String>> tries = new ArrayDeque<>();
    private final Deque<Future<Optional<Observation>>> looks = new ArrayDeque<>();

    /** Answers what the test says, in its order. */
    private final class Scripted implements WriteCalls {
        private final Retries retries = new Retries(vertx);

        @Override
        public WriteLife newWrite() {
            return new WriteLife(schedule::now, schedule::now);
        }

        @Override
        public Retries retries() {
            return retries;
        }

        @Override
        public Future<Optional<Observation>> look(String key) {
            return looks.remove();
        }

        @Override
        public Future<Void> delete(String key, WriteLife life) {
            throw new UnsupportedOperationException();
        }
    }

    private Future<String> write() {
        return write(Guard.once(SEEN));
    }

    private Future<String> write(Guard guard) {
        Future<String> written = new MarkedWrite(
                        vertx, new Scripted(), "key", WriteMark.on(Map.of()), guard, attempt -> {
                            attempt.life().begin();
                            return tries.remove();
                        })
                .run();
        boolean more = true;
        while (more) {
            more = schedule.step();
        }
        return written;
    }

    private Duration passed() {
        return Duration.ofNanos(schedule.nowMicros() * 1000);
    }

    /** Whoever got the conflict would take it for the store's answer to all of its tries. */
    @Test
    void aRefusalBehindALostTryIsAFaultWhereTheLookFails() {
        tries.add(Future.failedFuture(LOST));
        tries.add(Future.failedFuture(new Conflict()));
        looks.add(Future.failedFuture(LOST));

        assertInstanceOf(Failure.Upstream.class, write().cause());
        assertTrue(passed().compareTo(WriteLife.LANDS_WITHIN) > 0, "told after " + passed());
    }

    @Test
    void anUploadOfWhichATryWasLostIsAFaultWhereItsEntryIsGoneMeanwhile() {
        tries.add(Future.failedFuture(LOST));
        tries.add(Future.failedFuture(new Conflict()));
        looks.add(Future.succeededFuture(Optional.empty()));
        looks.add(Future.succeededFuture(Optional.empty()));

        assertInstanceOf(Failure.Upstream.class, write(OF_AN_UPLOAD).cause());
    }

    @Test
    void whoLooksWhatIsThereIsToldTheRefusalAlsoBehindALostTry() {
        tries.add(Future.failedFuture(LOST));
        tries.add(Future.failedFuture(new Conflict()));
        looks.add(Future.succeededFuture(Optional.empty()));
        looks.add(Future.succeededFuture(Optional.empty()));

        assertInstanceOf(Conflict.class, write().cause());
    }

    @Test
    void aRefusalIsAConflictWhereNothingWasLost() {
        tries.add(Future.failedFuture(new Conflict()));
        looks.add(Future.succeededFuture(Optional.empty()));

        assertInstanceOf(Conflict.class, write().cause());
    }

    @Test
    void successBehindALostTryIsToldWhenThatCannotLandAnyMore() {
        tries.add(Future.failedFuture(LOST));
        tries.add(Future.succeededFuture("\"new\""));

        assertEquals("\"new\"", write().result());
        assertTrue(passed().compareTo(WriteLife.LANDS_WITHIN) > 0, "told after " + passed());
    }
}
