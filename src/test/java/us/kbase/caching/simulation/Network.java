package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
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

    /** What was sent lands by then, if ever: its life, and what the sender's idea of the store's time may be off. */
    static final long LANDS_WITHIN = 2 * LIFE;

    private static final long TURN_MILLIS = 20_000;
    private static final double SLOW = 0.1;
    private static final double LOST = 0.06;

    private final Schedule schedule;
    private final Schedule.Process gateway;
    private final StoreClock clock;
    private final StoreTime time;
    private final Lane lane;
    private final Flaw flaw;
    private boolean stormy;

    Network(Schedule schedule, Schedule.Process gateway, StoreClock clock, StoreTime time, Lane lane, Flaw flaw) {
        this.schedule = schedule;
        this.gateway = gateway;
        this.clock = clock;
        this.time = time;
        this.lane = lane;
        this.flaw = flaw;
    }

    void weather(boolean stormy) {
        this.stormy = stormy;
    }

    /** A call in its turn, whose effect happens once, or never; whether it happened is not known when it fails. */
    <T> Future<T> call(Supplier<T> effect) {
        return inTurn(() -> sent(effect));
    }

    /** A call that is begun when its turn has come. */
    <T> Future<T> inTurn(Supplier<Future<T>> call) {
        Lane.Place place = lane.enter(TURN_MILLIS, Lane.Pace.CALL);
        return place.turn().compose(turn -> call.get()).onComplete(done -> {
            if (done.succeeded() || flaw != Flaw.PERMIT_NOT_GIVEN_BACK) {
                place.end();
            }
        });
    }

    private <T> Future<T> sent(Supplier<T> effect) {
        Promise<T> reply = Promise.promise();
        Instant sent = time.localNow();
        boolean requestLost = bad(LOST);
        boolean replyLost = bad(LOST);
        long there = latency();
        if (!requestLost) {
            schedule.after(there, Schedule.WORLD, () -> {
                T result = effect.get();
                Instant date = clock.date();
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
        return bad(SLOW) ? schedule.between(MILLI, 3 * SECOND) : schedule.between(MILLI / 10, 50 * MILLI);
    }

    boolean breaksNow() {
        return bad(LOST);
    }

    /** True with that probability while the weather is bad. */
    boolean bad(double probability) {
        return stormy && schedule.chance(probability);
    }

    Schedule schedule() {
        return schedule;
    }

    Schedule.Process gateway() {
        return gateway;
    }
}
