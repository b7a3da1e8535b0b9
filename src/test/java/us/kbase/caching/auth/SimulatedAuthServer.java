package us.kbase.caching.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.simulation.Schedule;

/** An auth server across a network: it answers late or not at all, is down for a while, and its tokens come and go. */
final class SimulatedAuthServer implements Authenticator {

    static final long MILLI = 1_000;
    static final long SECOND = 1_000 * MILLI;
    static final long TIME_LIMIT = 5 * SECOND;
    private static final int TOKENS = 4;
    private static final long[] KEPT_MILLIS = {0, 2_000, 60_000, 3_600_000};
    private static final double LOST = 0.05;
    private static final double ODD = 0.03;
    private static final double SLOW = 0.15;

    /**
     * What the server said of a token, and when the gateway heard it.
     *
     * @param keptMillis how long it may be believed from then on
     */
    record Said(String token, boolean good, long keptMillis, long heardMicros) {}

    private record Token(long goodFromMicros, long goodUntilMicros) {}

    private final Schedule schedule;
    private final TokenFlaw flaw;
    private final Map<String, Token> tokens = new HashMap<>();
    private final Map<String, Integer> open = new HashMap<>();
    private final List<Said> said = new ArrayList<>();
    private final long downFromMicros;
    private final long downUntilMicros;
    private Optional<String> wrong = Optional.empty();

    SimulatedAuthServer(Schedule schedule, TokenFlaw flaw) {
        this.schedule = schedule;
        this.flaw = flaw;
        for (int i = 0; i < TOKENS; i++) {
            long from = schedule.chance(0.7) ? 0 : schedule.between(0, 60 * SECOND);
            long until = schedule.chance(0.4) ? Long.MAX_VALUE : schedule.between(0, 120 * SECOND);
            tokens.put(token(i), new Token(from, until));
        }
        downFromMicros = schedule.chance(0.4) ? schedule.between(0, 90 * SECOND) : Long.MAX_VALUE;
        downUntilMicros = downFromMicros == Long.MAX_VALUE ? 0 : downFromMicros + schedule.between(0, 60 * SECOND);
    }

    static String token(int number) {
        return "token-" + number;
    }

    static String userOf(String token) {
        return "url:user of " + token;
    }

    String anyToken() {
        return token(schedule.random().nextInt(TOKENS));
    }

    List<Said> said() {
        return said;
    }

    /** More than one question about one token at once. */
    Optional<String> wrong() {
        return wrong;
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        if (open.merge(token, 1, Integer::sum) > 1) {
            wrong = Optional.of(token + " was asked for twice at once");
        }
        Promise<Verdict> answer = Promise.promise();
        long there = latency();
        schedule.after(there, Schedule.WORLD, () -> arrived(token, answer));
        return answer.future().onComplete(done -> open.merge(token, -1, Integer::sum));
    }

    private long latency() {
        return schedule.chance(SLOW) ? schedule.between(MILLI, 2 * SECOND) : schedule.between(MILLI / 10, 30 * MILLI);
    }

    private void arrived(String token, Promise<Verdict> answer) {
        long now = schedule.nowMicros();
        boolean down = now >= downFromMicros && now < downUntilMicros;
        if (down || schedule.chance(LOST)) {
            schedule.after(TIME_LIMIT, Schedule.WORLD, () -> lost(answer));
            return;
        }
        boolean odd = schedule.chance(ODD);
        Token known = tokens.get(token);
        boolean good = known != null && now >= known.goodFromMicros() && now < known.goodUntilMicros();
        long kept = KEPT_MILLIS[schedule.random().nextInt(KEPT_MILLIS.length)];
        schedule.after(latency(), Schedule.WORLD, () -> {
            if (odd) {
                answer.fail(new Failure.Upstream("a page of a balancer", null));
                return;
            }
            said.add(new Said(token, good, kept, schedule.nowMicros()));
            if (good) {
                answer.complete(new Verdict(new Caller(userOf(token)), kept));
            } else {
                answer.fail(new Failure.Forbidden("no such token"));
            }
        });
    }

    private void lost(Promise<Verdict> answer) {
        switch (flaw) {
            case PERMIT_NOT_GIVEN_BACK -> {} // nobody counts the time
            case OUTAGE_AS_REFUSAL -> answer.fail(new Failure.Forbidden("no answer"));
            default ->
                answer.fail(new Failure.Upstream("no answer", new Unanswered(new java.io.IOException("silent"))));
        }
    }
}
