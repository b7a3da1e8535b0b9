package us.kbase.caching.store.s3.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.simulation.Schedule;
import us.kbase.caching.simulation.SimulatedVertx;
import us.kbase.caching.store.s3.error.ServerSilent;

/** Who is given up when a server is silent to everybody: whoever was sent, and nobody else. */
class SilenceWatchTest {

    private static final long SECOND = 1_000_000;

    private final Schedule schedule = new Schedule(1);
    private final SilenceWatch watch = new SilenceWatch(
            SimulatedVertx.of(schedule, Schedule.WORLD),
            () -> Future.failedFuture(new Failure.Upstream("silent", new ServerSilent("no answer"))),
            () -> schedule.nowMicros() * 1_000);
    private final Promise<String> call = Promise.promise();

    private void pass(long seconds) {
        boolean[] over = {false};
        schedule.after(seconds * SECOND, Schedule.WORLD, () -> over[0] = true);
        while (!over[0] && schedule.step()) {
            // what is due happens
        }
    }

    @Test
    void aCallThatWasSentIsGivenUp() {
        watch.over(Future.succeededFuture(), call.future(), call::tryFail);
        pass(60);
        assertTrue(call.future().failed());
    }

    @Test
    void aCallThatWaitsForItsTurnIsNot() {
        Promise<Void> turn = Promise.promise();
        Future<String> watched = watch.over(turn.future(), call.future(), call::tryFail);
        pass(600);
        assertFalse(watched.isComplete());
        turn.complete();
        call.complete("done");
        assertEquals("done", watched.result());
    }

    @Test
    void itsTimeBeginsWithItsTurn() {
        Promise<Void> turn = Promise.promise();
        Future<String> watched = watch.over(turn.future(), call.future(), call::tryFail);
        pass(600);
        turn.complete();
        pass(1);
        assertFalse(watched.isComplete());
        pass(60);
        assertTrue(watched.failed());
    }
}
