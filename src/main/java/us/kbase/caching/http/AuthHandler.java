package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.OnBehalf;

/** The first check of every cache route. */
final class AuthHandler {

    private final Authenticator authenticator;

    AuthHandler(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** Who sent the request. */
    Future<Caller> caller(RoutingContext context) {
        String header = context.request().getHeader("Authorization");
        String token = header == null ? "" : header.strip();
        return token.isEmpty()
                ? Future.failedFuture(new Failure.BadInput("Missing header: Authorization"))
                : authenticator
                        .authenticate(token, new ClientOfRequest(context))
                        .map(Authenticator.Verdict::caller)
                        .map(AuthHandler::served);
    }

    /** From now on the store is called on the caller's behalf. */
    private static Caller served(Caller caller) {
        OnBehalf.user(caller.tokenId());
        return caller;
    }
}
