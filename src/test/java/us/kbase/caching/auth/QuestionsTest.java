package us.kbase.caching.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.LogCapture;

/** Who waits for whom at the auth server, and what that costs. */
class QuestionsTest {

    private static final Authenticator.Verdict ALICE = new Authenticator.Verdict(new Caller("url:alice"), 60_000);
    private static final Failure JUNK = new Failure.Forbidden("10020 Invalid token");
    private static final Questions.Limits TWO_AT_ONCE = new Questions.Limits(2, 100, 50, 10_000);

    private static Vertx vertx;

    private final Server server = new Server();
    private final Budget budget = Budget.of("questions", 1 << 20);
    private final AtomicLong nanos = new AtomicLong();
    private Questions questions = questions(TWO_AT_ONCE);

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        Await.result(vertx.close());
    }

    @AfterEach
    void everythingIsGivenBack() {
        server.answerAll();
        Await.until("given back", () -> budget.usedBytes() == 0);
        assertEquals(0, questions.asked());
        assertEquals(0, questions.waitingStrangers() + questions.waitingKnown());
    }

    private Questions questions(Questions.Limits limits) {
        return new Questions(vertx, server, budget, limits, new Circuit(nanos::get, () -> 0.5));
    }

    /** An auth server that answers when the test says so, and knows {@code good…}. */
    private static final class Server implements Authenticator {
        private final List<String> tokens = new CopyOnWriteArrayList<>();
        private final Map<String, Promise<Verdict>> open = new ConcurrentHashMap<>();
        private volatile Future<Verdict> always;

        @Override
        public Future<Verdict> authenticate(String token) {
            tokens.add(token);
            if (always != null) {
                return always;
            }
            Promise<Verdict> answer = Promise.promise();
            open.put(token, answer);
            return answer.future();
        }

        void answer(String token) {
            Promise<Verdict> answer = open.remove(token);
            if (token.startsWith("good")) {
                answer.complete(ALICE);
            } else {
                answer.fail(JUNK);
            }
        }

        void answerAll() {
            while (!open.isEmpty()) {
                open.keySet().forEach(this::answer);
            }
        }

        void isSilent() {
            always = Future.failedFuture(
                    new Failure.Upstream("down", new Unanswered(new java.net.ConnectException("refused"))));
        }
    }

    private record From(String peer, boolean left, boolean knownBefore) implements Asker {
        static From stranger(String peer) {
            return new From(peer, false, false);
        }
    }

    private List<Future<Authenticator.Verdict>> junk(int count, String peer) {
        return IntStream.range(0, count)
                .mapToObj(i -> questions.authenticate("junk-" + peer + i, From.stranger(peer)))
                .toList();
    }

    @Test
    void aQuestionThatCannotBeAskedIsAnsweredAndHoldsNoPlace() {
        Authenticator broken = token -> {
            throw new IllegalStateException("no address");
        };
        Questions unasked = new Questions(vertx, broken, budget, TWO_AT_ONCE, new Circuit(nanos::get, () -> 0.5));
        for (int i = 0; i < 5; i++) {
            Await.failure(Failure.Upstream.class, unasked.authenticate("good" + i));
        }
        assertEquals(0, unasked.asked());
    }

    @Nested
    class Turns {

        @Test
        void aNewCallerWaitsForNoneOfAnotherAddressesJunkButWhatIsAskedAlready() {
            junk(50, "a");
            Future<Authenticator.Verdict> good = questions.authenticate("good", From.stranger("b"));
            server.answer("junk-a0");
            server.answer("junk-a1");
            assertTrue(server.tokens.indexOf("good") < 6, server.tokens.toString());
            server.answerAll();
            assertEquals(ALICE, Await.result(good));
        }

        @Test
        void aTokenThatWasGoodBeforeGoesAheadOfStrangersOfItsOwnAddress() {
            junk(50, "a");
            Future<Authenticator.Verdict> good = questions.authenticate("good", new From("a", false, true));
            server.answer("junk-a0");
            assertTrue(server.tokens.indexOf("good") <= 2, server.tokens.toString());
            server.answerAll();
            assertEquals(ALICE, Await.result(good));
        }

        @Test
        void strangersLeaveAQuarterOfTheServerToTokensThatWereGoodBefore() {
            questions = questions(new Questions.Limits(8, 100, 100, 10_000));
            junk(50, "a");
            assertEquals(6, server.tokens.size());
            assertEquals(ALICE, answered("good", new From("a", false, true)));
        }

        private Authenticator.Verdict answered(String token, Asker asker) {
            Future<Authenticator.Verdict> answer = questions.authenticate(token, asker);
            server.answer(token);
            return Await.result(answer);
        }
    }

    @Nested
    class Bounds {

        @Test
        void whoFindsNoRoomInItsAddressesQueueIsToldAtOnce() {
            List<Future<Authenticator.Verdict>> asked = junk(5_000, "a");
            long refused = asked.stream()
                    .filter(answer -> answer.failed() && answer.cause() instanceof Failure.Busy)
                    .count();
            assertTrue(refused >= 5_000 - 52, refused + " refused at once");
            assertFalse(questions.authenticate("good", From.stranger("b")).failed());
        }

        @Test
        void whoFindsNoMemoryIsToldAtOnce() {
            Budget.Payment all = budget.tryTake(budget.limitBytes()).orElseThrow();
            Await.failure(Failure.Busy.class, questions.authenticate("good", From.stranger("b")));
            all.giveBack();
        }

        @Test
        void whoWaitsTooLongIsTold() {
            questions = questions(new Questions.Limits(2, 100, 50, 50));
            List<Future<Authenticator.Verdict>> asked = junk(4, "a");
            Await.failure(Failure.Busy.class, asked.get(3));
        }

        @Test
        void aQuestionWhoseClientsHaveLeftIsNotAsked() {
            junk(2, "a");
            Future<Authenticator.Verdict> gone = questions.authenticate("gone", new From("b", true, false));
            server.answerAll();
            Await.failure(Failure.ClientGone.class, gone);
            assertFalse(server.tokens.contains("gone"));
        }

        @Test
        void answersThatComeAtOnceNeedNoStack() {
            questions = questions(new Questions.Limits(2, 100_000, 100_000, 10_000));
            budgetForMany();
            List<Future<Authenticator.Verdict>> asked = new ArrayList<>(junk(500, "a"));
            server.always = Future.failedFuture(JUNK);
            server.answerAll();
            asked.forEach(answer -> Await.failure(Failure.Forbidden.class, answer));
        }

        private void budgetForMany() {
            assertTrue(budget.limitBytes() >= 500L * Questions.QUESTION_BYTES);
        }
    }

    @Nested
    class ASilentServer {

        private void silence() {
            server.isSilent();
            for (int i = 0; i < 3; i++) {
                Await.failure(Failure.Upstream.class, questions.authenticate("t" + i, From.stranger("a")));
            }
        }

        @Test
        void isNotAskedByEverybody() {
            silence();
            junk(1_000, "a").forEach(answer -> Await.failure(Failure.Upstream.class, answer));
            assertEquals(3, server.tokens.size());
        }

        @Test
        void isAskedByOneAfterAWhile() {
            silence();
            nanos.addAndGet(Duration.ofMillis(300).toNanos());
            server.always = null;
            Future<Authenticator.Verdict> probe = questions.authenticate("good", From.stranger("a"));
            Await.failure(Failure.Upstream.class, questions.authenticate("good2", From.stranger("a")));
            server.answer("good");
            assertEquals(ALICE, Await.result(probe));
            assertFalse(questions.authenticate("good2", From.stranger("a")).failed());
        }

        @Test
        void isAskedLessAndLessOften() {
            silence();
            nanos.addAndGet(Duration.ofMillis(300).toNanos());
            Await.failure(Failure.Upstream.class, questions.authenticate("probe", From.stranger("a")));
            nanos.addAndGet(Duration.ofMillis(300).toNanos());
            Await.failure(Failure.Upstream.class, questions.authenticate("too soon", From.stranger("a")));
            assertEquals(4, server.tokens.size());
        }

        @Test
        void isToldOnceAndWithoutAStackTrace() {
            try (LogCapture log = new LogCapture()) {
                silence();
                junk(1_000, "a")
                        .forEach(answer -> assertNull(
                                Await.failure(Failure.Upstream.class, answer).getCause()));
                assertTrue(log.lines().size() <= 2, log.lines().toString());
                assertTrue(
                        log.lines().stream().noneMatch(line -> line.contains("\tat ")),
                        log.lines().toString());
            }
        }

        @Test
        void isAskedAgainAlsoWhenTheOneWhoWasToAskItHadToWaitAndWasRefused() {
            questions = questions(new Questions.Limits(8, 100, 100, 10_000));
            junk(6, "a");
            server.isSilent();
            for (int i = 0; i < 3; i++) {
                Await.failure(Failure.Upstream.class, questions.authenticate("k" + i, new From("a", false, true)));
            }
            server.always = null;
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            Future<Authenticator.Verdict> waits = questions.authenticate("waits", From.stranger("b"));
            server.open
                    .remove("junk-a0")
                    .fail(new Failure.Upstream("down", new Unanswered(new java.net.ConnectException("refused"))));
            Await.failure(Failure.Upstream.class, waits);
            assertFalse(questions.authenticate("good", From.stranger("b")).failed());
        }

        /** Who finds a token that breaks the auth server must not shut out others. */
        @Test
        void isNotOneThatAnswersBadly() {
            server.always = Future.failedFuture(new Failure.Upstream("bad", new IllegalStateException("status 500")));
            junk(20, "a").forEach(answer -> Await.failure(Failure.Upstream.class, answer));
            assertEquals(20, server.tokens.size());
        }
    }
}
