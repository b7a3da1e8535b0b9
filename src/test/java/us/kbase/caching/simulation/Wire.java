package us.kbase.caching.simulation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Supplier;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.error.Refused;
import us.kbase.caching.store.s3.error.S3Errors;
import us.kbase.caching.store.s3.error.ServerSilent;
import us.kbase.caching.store.s3.write.WriteLife;

/**
 * HTTP to an S3 server. In bad weather a request comes late, twice or not at all, an answer is lost, a connection breaks, and the server
 * has trouble, with or without having done what was asked. What comes after its life is refused.
 */
final class Wire {

    private static final double LOST = 0.05;
    private static final double LATE = 0.03;
    private static final double LATE_OFTEN = 0.25;
    private static final double TWICE = 0.03;
    private static final double TROUBLE = 0.04;
    private static final long LATE_MAX = 25 * Network.SECOND;
    private static final long SILENCE = 10 * Network.SECOND;
    private static final long BREAKS_WITHIN = 3 * Network.SECOND;

    private final Network network;
    private final Schedule schedule;
    private final StoreClock clock;
    private final StoreTime time;
    private final double lateness;

    Wire(Network network, StoreClock clock, StoreTime time) {
        this.network = network;
        this.schedule = network.schedule();
        this.clock = clock;
        this.time = time;
        this.lateness = schedule.chance(0.3) ? LATE_OFTEN : LATE;
    }

    /** What may happen twice without harm, and is good for ever: a look, a tag, an abort. */
    <T> Future<T> call(Supplier<T> effect) {
        return network.inTurn(() -> new Exchange<>(effect).begin(network.bad(TWICE)));
    }

    /** A write of that date under a condition that holds once only. */
    <T> Future<T> write(Instant dated, Supplier<T> effect) {
        return call(() -> alive(dated, effect));
    }

    /** A deletion, or a write whose condition may hold again: no proxy before the store may send it twice (docs/adr/0044). */
    <T> Future<T> once(Instant dated, Supplier<T> effect) {
        return network.inTurn(() -> new Exchange<>(() -> alive(dated, effect)).begin(false));
    }

    private <T> T alive(Instant dated, Supplier<T> effect) {
        if (clock.now().isAfter(dated.plus(WriteLife.GOOD_FOR))) {
            throw new Refused(403, S3Errors.EXPIRED);
        }
        return effect.get();
    }

    /** One request and its answer. */
    private final class Exchange<T> {
        private final Supplier<T> effect;
        private final Promise<T> reply = Promise.promise();
        private final Instant sent = time.localNow();
        private final int timesSetBack = clock.timesSetBack();

        Exchange(Supplier<T> effect) {
            this.effect = effect;
        }

        Future<T> begin(boolean twice) {
            boolean requestLost = network.bad(LOST);
            boolean late = network.bad(lateness);
            boolean answerLost = network.bad(LOST);
            if (!requestLost) {
                comes(late ? schedule.between(0, LATE_MAX) : network.latency(), answerLost);
            }
            if (twice) {
                comes(schedule.between(0, LATE_MAX), true);
            }
            if (requestLost || late || answerLost) {
                end();
            }
            return reply.future();
        }

        private void end() {
            if (schedule.chance(0.5)) {
                ends(schedule.between(Network.MILLI, BREAKS_WITHIN), new IOException("connection reset"));
            } else {
                ends(SILENCE + network.latency(), new ServerSilent("no answer"));
            }
        }

        private void ends(long afterMicros, Throwable cause) {
            schedule.after(afterMicros, network.gateway(), () -> reply.tryFail(S3Errors.named(cause)));
        }

        private void comes(long afterMicros, boolean answerLost) {
            schedule.after(afterMicros, Schedule.WORLD, () -> {
                if (!isCut()) {
                    Runnable answer = network.bad(TROUBLE) ? trouble() : done();
                    if (!answerLost) {
                        answers(answer);
                    }
                }
            });
        }

        /** While a clock is set back, connections that were given up have been closed since long (docs/adr/0044). */
        private boolean isCut() {
            boolean givenUp = reply.future().isComplete() || !network.gateway().isAlive();
            return givenUp && clock.timesSetBack() != timesSetBack;
        }

        private Runnable done() {
            try {
                T result = effect.get();
                return () -> reply.tryComplete(result);
            } catch (Refused refused) {
                return refusal(refused);
            }
        }

        private Runnable trouble() {
            return switch (schedule.random().nextInt(4)) {
                case 0 -> refusal(new Refused(503, "SlowDown"));
                case 1 -> refusal(new Refused(409, "OperationAborted"));
                case 2 -> refusal(new Refused(500, "InternalError"));
                default -> {
                    Runnable unheard = done();
                    yield refusal(new Refused(500, "InternalError"));
                }
            };
        }

        private Runnable refusal(Refused refused) {
            return () -> reply.tryFail(S3Errors.named(refused));
        }

        private void answers(Runnable answer) {
            Instant date = clock.date();
            schedule.after(network.latency(), network.gateway(), () -> {
                if (!reply.future().isComplete()) {
                    time.learn(date, sent);
                    answer.run();
                }
            });
        }
    }
}
