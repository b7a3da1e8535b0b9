package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.ClientConnection;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.store.OnBehalf;

/** The first check of every cache route. */
final class AuthHandler {

    private final Authenticator authenticator;
    private final UserLimits limits;

    AuthHandler(Authenticator authenticator, UserLimits limits) {
        this.authenticator = authenticator;
        this.limits = limits;
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
                        .compose(caller -> inLimits(caller).compose(v -> served(context, caller)));
    }

    /** What operators do is not bounded by what users may. */
    private Future<Void> inLimits(Caller caller) {
        return caller.admin() ? Future.succeededFuture() : limits.request(caller.tokenId());
    }

    /** Begins an upload or a download of that caller, where the limits leave room for one more. */
    <T> Future<T> transfer(Caller caller, Supplier<Future<T>> transfer) {
        return caller.admin() ? limits.counted(transfer) : limits.transfer(caller.tokenId(), transfer);
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
