package us.kbase.caching.auth;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import us.kbase.caching.failure.Failure;

/** Tokens from the configuration, for development and tests. */
public final class StaticAuthenticator implements Authenticator {

    private final String origin;
    private final Map<String, String> userByToken;

    /** Knows these tokens; {@code origin} takes the place of the auth server's URL in token ids. */
    public StaticAuthenticator(String origin, Map<String, String> userByToken) {
        this.origin = origin;
        this.userByToken = Map.copyOf(userByToken);
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        byte[] asked = token.getBytes(StandardCharsets.UTF_8);
        for (Map.Entry<String, String> known : userByToken.entrySet()) {
            if (MessageDigest.isEqual(asked, known.getKey().getBytes(StandardCharsets.UTF_8))) {
                return Future.succeededFuture(new Verdict(new Caller(origin + ":" + known.getValue()), 0));
            }
        }
        return Future.failedFuture(new Failure.Forbidden("10020 Invalid token"));
    }
}
