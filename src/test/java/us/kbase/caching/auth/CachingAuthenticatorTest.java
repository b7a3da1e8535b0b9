package us.kbase.caching.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.FakeAuth2;

/** Which answers are remembered, for how long, and how often the auth server is asked. */
class CachingAuthenticatorTest {

    private static final Caller ALICE = new Caller("url:alice");

    private static Vertx vertx;

    private final Asked origin = new Asked();
    private Authenticator cache = caching(100, Duration.ofMinutes(5));

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        Await.result(vertx.close());
    }

    private Authenticator caching(int entriesMax, Duration keptMax) {
        return new CachingAuthenticator(vertx, origin, entriesMax, keptMax);
    }

    /** An authenticator that answers when the test says so. */
    private static final class Asked implements Authenticator {
        private final List<String> tokens = new CopyOnWriteArrayList<>();
        private volatile Future<Verdict> answer = Future.succeededFuture(new Verdict(ALICE, 60_000));

        @Override
        public Future<Verdict> authenticate(String token) {
            tokens.add(token);
            return answer;
        }

        int calls() {
            return tokens.size();
        }
    }

    private Caller caller(String token) {
        return Await.result(cache.authenticate(token)).caller();
    }

    @Nested
    class AnAnswer {

        @Test
        void isRemembered() {
            assertEquals(ALICE, caller("t"));
            assertEquals(ALICE, caller("t"));
            assertEquals(1, origin.calls());
        }

        @Test
        void isRememberedForItsTokenOnly() {
            caller("t");
            caller("T");
            assertEquals(List.of("t", "T"), origin.tokens);
        }

        @Test
        void thatIsGoodForOneRequestIsAskedForAgain() {
            origin.answer = Future.succeededFuture(new Authenticator.Verdict(ALICE, 0));
            caller("t");
            caller("t");
            assertEquals(2, origin.calls());
        }

        @Test
        void isForgottenWhenItsTimeIsOver() {
            origin.answer = Future.succeededFuture(new Authenticator.Verdict(ALICE, 50));
            caller("t");
            Await.until("asked again", () -> {
                caller("t");
                return origin.calls() > 1;
            });
        }

        @Test
        void isForgottenAfterTheConfiguredTimeHoweverLongItIsGood() {
            cache = caching(100, Duration.ofMillis(50));
            origin.answer = Future.succeededFuture(new Authenticator.Verdict(ALICE, Long.MAX_VALUE));
            caller("t");
            Await.until("asked again", () -> {
                caller("t");
                return origin.calls() > 1;
            });
        }

        @Test
        void isNotRememberedWhenTheConfiguredTimeIsZero() {
            cache = caching(100, Duration.ZERO);
            caller("t");
            caller("t");
            assertEquals(2, origin.calls());
        }

        @Test
        void ofMoreTokensThanConfiguredPushesOthersOut() {
            cache = caching(10, Duration.ofMinutes(5));
            IntStream.range(0, 1000).forEach(i -> caller("t" + i));
            IntStream.range(0, 1000).forEach(i -> caller("t" + i));
            assertTrue(origin.calls() >= 1980, "asked " + origin.calls() + " times");
        }
    }

    @Nested
    class ARefusal {

        @Test
        void isRememberedToo() {
            Failure.Forbidden refused = new Failure.Forbidden("10020 Invalid token");
            origin.answer = Future.failedFuture(refused);
            assertSame(refused, Await.failure(Failure.Forbidden.class, cache.authenticate("t")));
            assertSame(refused, Await.failure(Failure.Forbidden.class, cache.authenticate("t")));
            assertEquals(1, origin.calls());
        }
    }

    @Nested
    class AServerThatCannotSay {

        @Test
        void isAskedAgainByTheNextCaller() {
            Failure.Upstream down = new Failure.Upstream("down", null);
            origin.answer = Future.failedFuture(down);
            assertSame(down, Await.failure(Failure.Upstream.class, cache.authenticate("t")));
            origin.answer = Future.succeededFuture(new Authenticator.Verdict(ALICE, 60_000));
            assertEquals(ALICE, caller("t"));
        }

        @Test
        void doesNotStopCallersWhoAreKnown() {
            caller("t");
            origin.answer = Future.failedFuture(new Failure.Upstream("down", null));
            assertEquals(ALICE, caller("t"));
        }
    }

    @Nested
    class CallersThatComeTogether {

        @Test
        void withOneTokenAskOnce() {
            Promise<Authenticator.Verdict> answer = Promise.promise();
            origin.answer = answer.future();
            List<Future<Authenticator.Verdict>> waiting = IntStream.range(0, 100)
                    .mapToObj(i -> cache.authenticate("t"))
                    .toList();
            assertTrue(waiting.stream().noneMatch(Future::isComplete));
            answer.complete(new Authenticator.Verdict(ALICE, 60_000));
            waiting.forEach(each -> assertEquals(ALICE, Await.result(each).caller()));
            assertEquals(1, origin.calls());
        }

        @Test
        void askOnceAlsoWhenTheAnswerIsNotKept() {
            Promise<Authenticator.Verdict> answer = Promise.promise();
            origin.answer = answer.future();
            List<Future<Authenticator.Verdict>> waiting =
                    Stream.generate(() -> cache.authenticate("t")).limit(100).toList();
            answer.complete(new Authenticator.Verdict(ALICE, 0));
            waiting.forEach(each -> assertEquals(ALICE, Await.result(each).caller()));
            assertEquals(1, origin.calls());
        }

        @Test
        void allLearnThatTheServerIsDown() {
            Promise<Authenticator.Verdict> answer = Promise.promise();
            origin.answer = answer.future();
            List<Future<Authenticator.Verdict>> waiting =
                    Stream.generate(() -> cache.authenticate("t")).limit(100).toList();
            answer.fail(new Failure.Upstream("down", null));
            waiting.forEach(each -> Await.failure(Failure.Upstream.class, each));
            assertEquals(1, origin.calls());
        }

        /** A request's bytes never change thread. */
        @Test
        void areEachAnsweredOnTheirOwnEventLoop() {
            Promise<Authenticator.Verdict> answer = Promise.promise();
            origin.answer = answer.future();
            List<Future<Boolean>> onOwnLoop = IntStream.range(0, 8)
                    .mapToObj(i -> {
                        Context loop = ((io.vertx.core.internal.VertxInternal) vertx).createEventLoopContext();
                        return Future.<Boolean>future(promise -> loop.runOnContext(v -> cache.authenticate("t")
                                .onComplete(done -> promise.complete(Vertx.currentContext() == loop))));
                    })
                    .toList();
            Await.until("asked", () -> origin.calls() == 1);
            answer.complete(new Authenticator.Verdict(ALICE, 60_000));
            onOwnLoop.forEach(each -> assertTrue(Await.result(each)));
        }

        @Test
        void askARealServerOnce() {
            try (FakeAuth2 auth2 = FakeAuth2.start(vertx)) {
                cache = new CachingAuthenticator(
                        vertx, new KBaseAuthenticator(vertx, auth2.url()), 100, Duration.ofMinutes(5));
                Stream.generate(() -> cache.authenticate(FakeAuth2.GOOD))
                        .limit(100)
                        .toList()
                        .forEach(each -> assertEquals(
                                auth2.url() + ":" + FakeAuth2.USER,
                                Await.result(each).caller().tokenId()));
                assertEquals(1, auth2.calls());
            }
        }
    }

    @Test
    void theTokenItselfIsNotKept() throws Exception {
        caller("t0ken-that-nobody-may-see");
        java.lang.reflect.Field answers = CachingAuthenticator.class.getDeclaredField("answers");
        answers.setAccessible(true);
        var kept = ((com.github.benmanes.caffeine.cache.AsyncCache<?, ?>) answers.get(cache)).asMap();
        assertEquals(1, kept.size());
        assertFalse(kept.toString().contains("t0ken"), kept.toString());
    }
}
