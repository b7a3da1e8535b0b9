package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.lane.Lane;

/**
 * The way between one gateway and the store: late, and, while the weather is bad, lossy. A request lives for ten seconds at most, and
 * nobody is told that it failed before.
 */
final class Network {

    static final long MILLI = 1000;
    static final long SECOND = 1000 * MILLI;
    static final long LIFE = 10 * SECOND;
    private static final long TURN_MILLIS = 20_000;
    private static final double SLOW = 0.1;
    private static final double LOST = 0.06;

    private final Schedule schedule;
    private final Schedule.Process gateway;
    private final StoreTime time;
    private final Lane lane;
    private final Flaw flaw;
    private boolean stormy;

    Network(Schedule schedule, Schedule.Process gateway, StoreTime time, Lane lane, Flaw flaw) {
        this.schedule = schedule;
        this.gateway = gateway;
        this.time = time;
        this.lane = lane;
        this.flaw = flaw;
    }

    void weather(boolean stormy) {
        this.stormy = stormy;
    }

    /** A call in its turn, whose effect happens once, or never; whether it happened is not known when it fails. */
    <T> Future<T> call(Supplier<T> effect) {
        Lane.Place place = lane.enter(TURN_MILLIS, Lane.Pace.CALL);
        return place.turn().compose(turn -> sent(effect)).onComplete(done -> {
            if (done.succeeded() || flaw != Flaw.PERMIT_NOT_GIVEN_BACK) {
                place.end();
            }
        });
    }

    private <T> Future<T> sent(Supplier<T> effect) {
        Promise<T> reply = Promise.promise();
        Instant sent = time.localNow();
        boolean requestLost = stormy && schedule.chance(LOST);
        boolean replyLost = stormy && schedule.chance(LOST);
        long there = latency();
        if (!requestLost) {
            schedule.after(there, Schedule.WORLD, () -> {
                T result = effect.get();
                Instant date = schedule.now().truncatedTo(ChronoUnit.SECONDS);
                if (!replyLost) {
                    schedule.after(latency(), gateway, () -> {
                        time.learn(date, sent);
                        reply.tryComplete(result);
                    });
                }
            });
        }
        if (requestLost || replyLost) {
            schedule.after(LIFE + latency(), gateway, () -> reply.tryFail(new Failure.Upstream("no answer", null)));
        }
        return reply.future();
    }

    /** One way. */
    long latency() {
        return stormy && schedule.chance(SLOW)
                ? schedule.between(MILLI, 3 * SECOND)
                : schedule.between(MILLI / 10, 50 * MILLI);
    }

    boolean breaksNow() {
        return stormy && schedule.chance(LOST);
    }

    Schedule schedule() {
        return schedule;
    }

    Schedule.Process gateway() {
        return gateway;
    }
}
