package us.kbase.caching.auth;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import us.kbase.caching.failure.Failure;

/** Tokens from the configuration, for development and tests. */
public final class StaticAuthenticator implements Authenticator {

    private final String origin;
    private final Map<String, String> userByToken;
    private final Set<String> adminUsers;

    /** Knows these tokens; {@code origin} takes the place of the auth server's URL in token ids. */
    public StaticAuthenticator(String origin, Map<String, String> userByToken) {
        this(origin, userByToken, Set.of());
    }

    /** As above; some of the users are administrators. */
    public StaticAuthenticator(String origin, Map<String, String> userByToken, Set<String> adminUsers) {
        this.origin = origin;
        this.userByToken = Map.copyOf(userByToken);
        this.adminUsers = Set.copyOf(adminUsers);
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        byte[] asked = token.getBytes(StandardCharsets.UTF_8);
        for (Map.Entry<String, String> known : userByToken.entrySet()) {
            if (MessageDigest.isEqual(asked, known.getKey().getBytes(StandardCharsets.UTF_8))) {
                String user = known.getValue();
                return Future.succeededFuture(
                        new Verdict(new Caller(origin + ":" + user, adminUsers.contains(user)), 0));
            }
        }
        return Future.failedFuture(new Failure.Forbidden("10020 Invalid token"));
    }
}
