package us.kbase.caching.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.tally.CallTimes;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.FakeAuth2;
import us.kbase.caching.testing.LogCapture;

/** What each answer of auth2, or none, means. */
class KBaseAuthenticatorTest {

    private static final String TOKEN = FakeAuth2.GOOD;

    private static Vertx vertx;

    private FakeAuth2 auth2;
    private KBaseAuthenticator authenticator;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    }

    @AfterAll
    static void stopVertx() {
        Await.result(vertx.close());
    }

    @BeforeEach
    void startAuth2() {
        auth2 = FakeAuth2.start(vertx);
        authenticator = new KBaseAuthenticator(vertx, auth2.url());
    }

    @AfterEach
    void stopAuth2() {
        auth2.close();
    }

    private Authenticator.Verdict verdict() {
        return Await.result(authenticator.authenticate(TOKEN));
    }

    private String refusal() {
        return Await.failure(Failure.Forbidden.class, authenticator.authenticate(TOKEN))
                .getMessage();
    }

    private Failure.Upstream nobodyCanSay() {
        return Await.failure(Failure.Upstream.class, authenticator.authenticate(TOKEN));
    }

    @Nested
    class AnAdministrator {

        private static final String GOOD = FakeAuth2.valid("alice", Long.MAX_VALUE / 2, 300_000);

        @BeforeEach
        void askForRoles() {
            authenticator = new KBaseAuthenticator(vertx, auth2.url(), Set.of("ADMIN"), CallTimes.UNTOLD);
        }

        private void rolesAre(int status, String me) {
            auth2.answers(request -> {
                boolean token = request.path().endsWith("/token");
                request.response().setStatusCode(token ? 200 : status).end(token ? GOOD : me);
            });
        }

        @Test
        void hasOneOfTheRoles() {
            rolesAre(200, "{\"customroles\":[\"OTHER\",\"ADMIN\"]}");
            assertTrue(verdict().caller().admin());
            assertEquals(300_000, verdict().cacheForMillis());
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"customroles\":[\"OTHER\"]}", "{\"customroles\":[]}", "{}"})
        void isNobodyElse(String me) {
            rolesAre(200, me);
            assertFalse(verdict().caller().admin());
            assertEquals(300_000, verdict().cacheForMillis());
        }

        /** It was believed for as long as the token, though nobody had said so. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"500 | {}", "503 | <html>", "200 | <html>"})
        void isAskedForAgainSoonWhenNobodyCanSay(int status, String me) {
            rolesAre(status, me);
            assertFalse(verdict().caller().admin());
            assertTrue(verdict().cacheForMillis() <= 2_000);
        }
    }

    @Nested
    class AGoodToken {

        @Test
        void isTheUserBehindTheServersUrl() {
            assertEquals(auth2.url() + ":" + FakeAuth2.USER, verdict().caller().tokenId());
        }

        @Test
        void isAskedForAsAuth2WantsIt() {
            verdict();
            assertEquals(
                    List.of(new FakeAuth2.Asked("GET", "/api/V2/token", TOKEN, "application/json")), auth2.asked());
        }

        /** A slash more is another id for every job, so it stays; the path has one slash either way. */
        @Test
        void belongsToTheUrlExactlyAsConfigured() {
            authenticator = new KBaseAuthenticator(vertx, URI.create(auth2.url() + "/services/auth/"));
            assertEquals(
                    auth2.url() + "/services/auth/:" + FakeAuth2.USER,
                    verdict().caller().tokenId());
            assertEquals("/services/auth/api/V2/token", auth2.asked().get(0).path());
        }

        @Test
        void mayBeTheRootsOrHaveTheLongestName() {
            for (String user : List.of("***ROOT***", "a".repeat(100), "a_1")) {
                auth2.answers(200, FakeAuth2.valid(user, Long.MAX_VALUE / 2, 300_000));
                assertEquals(auth2.url() + ":" + user, verdict().caller().tokenId());
            }
        }

        @Test
        void isBelievedForAsLongAsAuth2Says() {
            auth2.answers(200, FakeAuth2.valid("alice", Long.MAX_VALUE / 2, 300_000));
            assertEquals(300_000, verdict().cacheForMillis());
        }

        @Test
        void isBelievedNoLongerThanItLives() {
            auth2.answers(200, FakeAuth2.valid("alice", System.currentTimeMillis() + 5_000, 300_000));
            long believed = verdict().cacheForMillis();
            assertTrue(believed > 0 && believed <= 5_000, "believed for " + believed);
        }

        /** KBase's own mock says 2019; a 200 means valid. */
        @ParameterizedTest
        @ValueSource(longs = {1_553_000_000_000L, 0})
        void whoseTimeIsOverByTheReplyIsValidForThisRequestOnly(long expires) {
            auth2.answers(200, FakeAuth2.valid("alice", expires, 300_000));
            assertEquals(0, verdict().cacheForMillis());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"user\":\"alice\"}",
                    "{\"user\":\"alice\",\"cachefor\":\"long\",\"expires\":\"never\"}",
                    "{\"user\":\"alice\",\"cachefor\":-5,\"expires\":99999999999999}",
                    "{\"user\":\"alice\",\"cachefor\":null,\"expires\":null,\"new\":{\"deep\":[1]}}"
                })
        void withoutTimesIsValidForThisRequestOnly(String reply) {
            auth2.answers(200, reply);
            assertEquals(auth2.url() + ":alice", verdict().caller().tokenId());
            assertEquals(0, verdict().cacheForMillis());
        }
    }

    @Nested
    class ARefusedToken {

        @ParameterizedTest
        @CsvSource({
            "401, 10020, 10020 Invalid token",
            "400, 10010, 10010 No authentication token: No user token provided",
            "403, 20010, 20010 Account disabled",
            "404, 50000, 50000 No such user",
            "200, 10020, 10020 Invalid token",
        })
        void isForbiddenWithAuth2sText(int status, int code, String message) {
            auth2.answers(status, FakeAuth2.error(status, code, message));
            assertEquals(message, refusal());
        }

        /** No such token exists, and no header could carry it. */
        @ParameterizedTest
        @ValueSource(strings = {"a b", "a\r\nX-Admin: 1", "a\u0000", "t\u00f6ken", "a\tb", "\u007f"})
        void thatIsNoHeaderValueIsNeverSent(String token) {
            Await.failure(Failure.Forbidden.class, authenticator.authenticate(token));
            assertEquals(0, auth2.calls());
        }
    }

    /** A caller must not be told that a token is bad when nobody looked at it. */
    @Nested
    class NobodyCanSay {

        @Test
        void whenTheServerIsDown() {
            auth2.close();
            Failure.Upstream failure = nobodyCanSay();
            assertEquals("The auth server cannot be reached or does not answer as expected", failure.getMessage());
        }

        @Test
        void whenTheServerHasNoName() {
            authenticator = new KBaseAuthenticator(vertx, URI.create("http://auth.invalid:5000"));
            nobodyCanSay();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "500 | {\"error\":{\"httpcode\":500,\"message\":\"30001 database down\"}}",
                    "503 | <html>try later</html>",
                    "502 | ``",
                    "404 | <html>no such path</html>",
                    "401 | {\"error\":\"Unauthorized\"}",
                    "401 | {\"error\":{\"message\":7}}",
                    "200 | ``",
                    "200 | <html>a login page</html>",
                    "200 | []",
                    "200 | null",
                    "200 | \"alice\"",
                    "200 | {}",
                    "200 | {\"user\":\"\"}",
                    "200 | {\"user\":7}",
                    "200 | {\"user\":\"a:b\"}",
                    "200 | {\"user\":\"  \"}",
                    "200 | {\"user\":\"al\\u00efce\"}",
                    "200 | {\"user\":\"al\\nce\"}",
                    "200 | {\"user\":\"al\\u0000ce\"}",
                    "200 | {\"user\":null}",
                    "201 | {\"user\":\"alice\"}",
                    "200 | {\"user\":\"alice\"",
                })
        void whenTheReplyIsNotAuth2s(int status, String reply) {
            auth2.answers(status, reply == null ? "" : reply);
            nobodyCanSay();
        }

        /** Followed it would carry the token elsewhere. */
        @ParameterizedTest
        @ValueSource(ints = {301, 302, 307, 308})
        void whenTheServerSendsElsewhere(int status) {
            try (FakeAuth2 elsewhere = FakeAuth2.start(vertx)) {
                auth2.answers(request -> request.response()
                        .setStatusCode(status)
                        .putHeader("Location", elsewhere.url() + "/api/V2/token")
                        .end());
                nobodyCanSay();
                assertEquals(0, elsewhere.calls());
            }
        }

        @Test
        void whenTheConnectionIsCutInTheReply() {
            auth2.answers(request -> {
                request.response().putHeader("Content-Length", "1000");
                request.response()
                        .write("{\"user\":\"alice\"")
                        .onComplete(v -> request.connection().close());
            });
            nobodyCanSay();
        }

        @Test
        void whenTheReplyIsLongerThanSixtyFourKibibytes() {
            String longUser = "u".repeat(64 * 1024);
            auth2.answers(200, "{\"user\":\"" + longUser + "\"}");
            nobodyCanSay();
        }

        @Test
        void whenTheReplyNeverEndsAndItsConnectionIsClosed() {
            AtomicBoolean closed = new AtomicBoolean();
            auth2.answers(request -> {
                request.connection().closeHandler(v -> closed.set(true));
                writeForEver(request.response().setChunked(true));
            });
            nobodyCanSay();
            Await.until("the connection is closed", closed::get);
        }

        private void writeForEver(HttpServerResponse response) {
            response.write(" ".repeat(16_384)).onSuccess(v -> writeForEver(response));
        }
    }

    /** A slow auth server delays a caller by the time-out and no more, however it is slow. */
    @Nested
    class NobodySaysItInTime {

        private static final int TIMEOUT_MILLIS = 300;

        @BeforeEach
        void hurry() {
            authenticator =
                    new KBaseAuthenticator(vertx, auth2.url(), java.util.Set.of(), CallTimes.UNTOLD, TIMEOUT_MILLIS);
        }

        @Test
        void whenNoReplyComes() {
            auth2.answers(request -> {});
            nobodyCanSay();
        }

        @Test
        void whenEachByteOfTheReplyComesInTimeButNotTheReply() {
            AtomicBoolean closed = new AtomicBoolean();
            auth2.answers(request -> {
                long timer = vertx.setPeriodic(
                        50, id -> request.response().write(" ").onFailure(cause -> {}));
                request.response().setChunked(true);
                request.connection().closeHandler(v -> closed.set(vertx.cancelTimer(timer)));
            });
            nobodyCanSay();
            Await.until("the connection is closed", closed::get);
        }

        @Test
        void forManyCallersWhoWaitForAConnection() {
            auth2.answers(request -> {});
            long began = System.nanoTime();
            List<Future<Authenticator.Verdict>> asked = IntStream.range(0, 200)
                    .mapToObj(i -> authenticator.authenticate("token" + i))
                    .toList();
            asked.forEach(answer -> Await.failure(Failure.Upstream.class, answer));
            long millis = (System.nanoTime() - began) / 1_000_000;
            assertTrue(millis < 10 * TIMEOUT_MILLIS, "took " + millis + " ms");
        }
    }

    @Test
    void theServerMayComeBack() {
        auth2.answers(503, "");
        nobodyCanSay();
        auth2.answersAsAuth2();
        assertEquals(auth2.url() + ":" + FakeAuth2.USER, verdict().caller().tokenId());
    }

    @Test
    void noTokenIsInAnyFailureOrLog() {
        try (LogCapture log = new LogCapture()) {
            StringWriter told = new StringWriter();
            auth2.answers(401, FakeAuth2.error(401, 10020, "10020 Invalid token"));
            authenticator.authenticate(TOKEN).onFailure(cause -> cause.printStackTrace(new PrintWriter(told)));
            Await.failure(Failure.Forbidden.class, authenticator.authenticate(TOKEN))
                    .printStackTrace(new PrintWriter(told));
            auth2.answers(500, "no json");
            nobodyCanSay().printStackTrace(new PrintWriter(told));
            auth2.close();
            nobodyCanSay().printStackTrace(new PrintWriter(told));
            assertTrue(told.toString().contains("10020 Invalid token"));
            assertFalse((told + String.join("\n", log.lines())).contains(TOKEN), told.toString());
        }
    }
}
