package us.kbase.caching.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.simulation.Schedule;
import us.kbase.caching.simulation.SimulatedVertx;

/**
 * One seed: what clients with a few tokens are told through the cache and the queue of questions, by a server whose tokens come and go,
 * and whether any of it was wrong.
 */
final class TokenSimulation {

    private static final Duration KEPT_MAX = Duration.ofSeconds(30);
    private static final Duration REFUSAL_KEPT = Duration.ofSeconds(10);
    private static final int CLIENTS = 4;
    private static final int ACTS_LEAST = 3;
    private static final int ACTS_MORE = 8;
    private static final int EVENTS_MAX = 20_000;
    private static final int TOKENS_KEPT = 100;
    private static final int ASKED_MAX = 4;
    private static final int WAITING_MAX = 8;
    private static final int WAITING_OF_PEER_MAX = 4;
    private static final long WAIT_MILLIS = 4_000;
    private static final double LEAVES = 0.15;

    /** What a client was told, and between which moments. */
    private record Told(String token, long askedMicros, long toldMicros, AsyncResult<Authenticator.Verdict> answer) {}

    private final Schedule schedule;
    private final Budget budget = Budget.of("questions", 1 << 20);
    private final SimulatedAuthServer server;
    private final Questions questions;
    private final Authenticator cache;
    private final List<Told> told = new ArrayList<>();
    private int underWay;
    private Optional<String> wrong = Optional.empty();

    private TokenSimulation(long seed, TokenFlaw flaw) {
        schedule = new Schedule(seed);
        Vertx vertx = SimulatedVertx.of(schedule, Schedule.WORLD);
        server = new SimulatedAuthServer(schedule, flaw);
        Circuit circuit = new Circuit(() -> schedule.nowMicros() * 1_000, schedule.random()::nextDouble);
        questions = new Questions(
                vertx,
                server,
                budget,
                new Questions.Limits(ASKED_MAX, WAITING_MAX, WAITING_OF_PEER_MAX, WAIT_MILLIS),
                circuit);
        Ticker clock = switch (flaw) {
            case KEPT_FOR_EVER -> () -> 0;
            case KEPT_TOO_LONG -> () -> schedule.nowMicros() * 1_000 / 3;
            default -> () -> schedule.nowMicros() * 1_000;
        };
        Duration kept = flaw == TokenFlaw.NOTHING_REMEMBERED ? Duration.ZERO : KEPT_MAX;
        cache = flaw == TokenFlaw.EACH_ASKS
                ? questions
                : new CachingAuthenticator(vertx, questions, TOKENS_KEPT, kept, clock);
    }

    /** What is wrong with a seed's run, if anything. */
    static Optional<String> run(long seed, TokenFlaw flaw) {
        return new TokenSimulation(seed, flaw).run();
    }

    private Optional<String> run() {
        for (int i = 0; i < CLIENTS; i++) {
            next("peer " + i % 2, ACTS_LEAST + schedule.random().nextInt(ACTS_MORE));
        }
        for (int i = 0; i < EVENTS_MAX; i++) {
            if (!schedule.step()) {
                return judge();
            }
        }
        return Optional.of("it goes on and on");
    }

    private void next(String peer, int left) {
        if (left > 0) {
            long pause = schedule.between(0, (schedule.chance(0.2) ? 40 : 2) * SimulatedAuthServer.SECOND);
            schedule.after(pause, Schedule.WORLD, () -> ask(peer, left));
        }
    }

    private void ask(String peer, int left) {
        String token = schedule.chance(0.1) ? "junk " + schedule.random().nextInt(100) : server.anyToken();
        long asked = schedule.nowMicros();
        long leaves =
                schedule.chance(LEAVES) ? asked + schedule.between(0, 3 * SimulatedAuthServer.SECOND) : Long.MAX_VALUE;
        Asker asker = new Asker() {
            @Override
            public String peer() {
                return peer;
            }

            @Override
            public boolean left() {
                return schedule.nowMicros() >= leaves;
            }
        };
        underWay++;
        cache.authenticate(token, asker).onComplete(answer -> {
            underWay--;
            told.add(new Told(token, asked, schedule.nowMicros(), answer));
            next(peer, left - 1);
        });
        if (questions.asked() > ASKED_MAX) {
            wrong = Optional.of(questions.asked() + " questions at once");
        }
    }

    private Optional<String> judge() {
        if (underWay > 0) {
            return Optional.of(underWay + " were never answered");
        }
        if (budget.usedBytes() != 0 || questions.asked() != 0) {
            return Optional.of("a question's memory or place was not given back");
        }
        if (questions.waitingKnown() + questions.waitingStrangers() > 0) {
            return Optional.of("questions are left that nobody waits for");
        }
        return wrong.or(server::wrong)
                .or(() -> told.stream()
                        .filter(one -> !isTrue(one))
                        .map(one -> one + "; the server said " + server.said())
                        .findFirst());
    }

    private boolean isTrue(Told one) {
        if (one.answer().succeeded()) {
            return one.answer().result().caller().tokenId().equals(SimulatedAuthServer.userOf(one.token()))
                    && server.said().stream().anyMatch(said -> said.good() && allows(said, one));
        }
        return switch (one.answer().cause()) {
            case Failure.Forbidden refused ->
                server.said().stream().anyMatch(said -> !said.good() && allows(said, one));
            // Nobody is told of a fault who is known: an answer that is still good stands, whatever the server does
            // now.
            case Failure.Upstream unknown -> !isKnown(one);
            case Failure.Busy busy -> !isKnown(one);
            case Failure.ClientGone gone -> !isKnown(one);
            default -> false;
        };
    }

    private static long keptMicros(SimulatedAuthServer.Said said) {
        return 1_000 * (said.good() ? Math.min(said.keptMillis(), KEPT_MAX.toMillis()) : REFUSAL_KEPT.toMillis());
    }

    /** Whether the answer came while that client waited, or was young enough when it asked. */
    private static boolean allows(SimulatedAuthServer.Said said, Told one) {
        return said.token().equals(one.token())
                && said.heardMicros() <= one.toldMicros()
                && one.askedMicros() <= said.heardMicros() + keptMicros(said);
    }

    private boolean isKnown(Told one) {
        return server.said().stream()
                .anyMatch(said -> said.good()
                        && said.token().equals(one.token())
                        && said.heardMicros() < one.askedMicros()
                        && one.askedMicros() < said.heardMicros() + keptMicros(said));
    }
}
