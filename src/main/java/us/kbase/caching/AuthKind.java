package us.kbase.caching;

import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import us.kbase.caching.auth.AuthServer;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.auth.StaticAuthenticator;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.metrics.Gauge;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.tally.CallTimes;

/**
 * The configured way to know callers, for all event loops.
 *
 * @param gauges what it shows of itself
 */
record AuthKind(Authenticator authenticator, List<Gauge> gauges) {

    private static Map<String, String> revealed(Map<Secret, String> userByToken) {
        Map<String, String> users = new HashMap<>();
        userByToken.forEach((token, user) -> users.put(token.reveal(), user));
        return users;
    }

    /** The auth server that is configured, else static tokens. */
    static AuthKind of(Vertx vertx, GatewayConfig.Auth config, MemoryPlan memory, CallTimes times) {
        if (config.url().isEmpty()) {
            return new AuthKind(
                    new StaticAuthenticator("static", revealed(config.userByToken()), config.adminUsers()), List.of());
        }
        AuthServer server = AuthServer.of(
                vertx,
                config.url().get(),
                config.adminRoles(),
                new AuthServer.Kept(config.cacheEntriesMax(), config.cacheMax()),
                memory.questions(),
                times);
        return new AuthKind(
                server,
                List.of(
                        Gauge.level("caching.auth.waiting", "known", server::waitingKnown),
                        Gauge.level("caching.auth.waiting", "strangers", server::waitingStrangers),
                        Gauge.level("caching.auth.asked", "", server::asked)));
    }
}
