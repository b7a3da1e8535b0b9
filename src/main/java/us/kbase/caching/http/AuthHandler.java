package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.ClientConnection;
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
                        .compose(caller -> served(context, caller));
    }

    /** The same, as the rules know them. */
    Future<Requester> requester(RoutingContext context) {
        return caller(context).map(AuthHandler::requester);
    }

    static Requester requester(Caller caller) {
        return caller.admin() ? Requester.administrator(caller.tokenId()) : Requester.user(caller.tokenId());
    }

    /** From now on the request counts to the caller's share of memory, and the store is called on the caller's behalf. */
    private static Future<Caller> served(RoutingContext context, Caller caller) {
        OnBehalf.user(caller.tokenId());
        AccessLog.user(context, caller.user());
        boolean inShare = ClientConnection.of(
                        ((ConnectionBase) context.request().connection()).channel())
                .map(client -> client.belongsTo(caller.tokenId()))
                .orElse(true);
        return inShare
                ? Future.succeededFuture(caller)
                : Future.failedFuture(new Failure.Busy("You have too many requests under way; try again later"));
    }
}
