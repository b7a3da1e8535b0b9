package us.kbase.caching.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;

/** Tokens of the configuration. */
class StaticAuthenticatorTest {

    private final StaticAuthenticator authenticator =
            new StaticAuthenticator("static", Map.of("token-a", "alice", "token-b", "bob"));

    @Test
    void aKnownTokenIsItsUser() {
        assertEquals(
                new Caller("static:alice"),
                Await.result(authenticator.authenticate("token-a")).caller());
        assertEquals(
                new Caller("static:bob"),
                Await.result(authenticator.authenticate("token-b")).caller());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "token", "token-a ", "TOKEN-A", "token-aa", "alice"})
    void everyOtherTokenIsRefused(String token) {
        var refused = Await.failure(Failure.Forbidden.class, authenticator.authenticate(token));
        assertEquals("10020 Invalid token", refused.getMessage());
    }
}
