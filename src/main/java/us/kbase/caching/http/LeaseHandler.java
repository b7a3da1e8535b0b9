package us.kbase.caching.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import us.kbase.caching.auth.Caller;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.cache.id.CacheIdHasher;
import us.kbase.caching.cache.id.JsonMembers;
import us.kbase.caching.cache.id.JsonParseException;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.Departure;
import us.kbase.caching.http.connection.JsonReply;
import us.kbase.caching.http.connection.RequestBody;
import us.kbase.caching.http.json.JsonBody;
import us.kbase.caching.http.route.Query;
import us.kbase.caching.http.route.Target;
import us.kbase.caching.lease.LeaseAnswer;
import us.kbase.caching.lease.LeaseRequest;
import us.kbase.caching.lease.LeaseService;

/** {@code POST}, {@code PUT} and {@code DELETE /cache/<id>/lease}, and {@code POST /lease}. */
final class LeaseHandler {

    /** The header that shows a lease. */
    static final String HEADER = "Cache-Lease";

    private final AuthHandler auth;
    private final CacheService cache;
    private final LeaseService leases;
    private final JsonBody bodies;

    LeaseHandler(AuthHandler auth, CacheService cache, LeaseService leases, JsonBody bodies) {
        this.auth = auth;
        this.cache = cache;
        this.leases = leases;
        this.bodies = bodies;
    }

    private interface Call {
        Future<Void> run(Caller caller, JsonMembers members) throws JsonParseException;
    }

    /** Asks for the file or the lease of an id. */
    void ask(RoutingContext context) {
        answer(context, (caller, members) -> ask(context, Target.id(context), caller, request(members), Map.of()));
    }

    /** The same by the job's parameters: makes the id first. */
    void askByParameters(RoutingContext context) {
        answer(context, (caller, members) -> {
            LeaseRequest request = request(members);
            String canonical = members.canonical("params");
            if (canonical.isEmpty()) {
                throw new Failure.BadInput("params must be a non-empty JSON object");
            }
            CacheId id = CacheIdHasher.hash(caller.tokenId(), canonical);
            return cache.reserve(id, caller.tokenId(), Departure.of(context))
                    .compose(metadata -> ask(context, id, caller, request, Map.of("cache_id", id.value())));
        });
    }

    /** Renews. */
    void renew(RoutingContext context) {
        answer(context, (caller, members) -> {
            Optional<Integer> ttl = members.integer("ttl_seconds").map(LeaseRequest::checkedTtl);
            return leases.renew(Target.id(context), caller.tokenId(), secret(context), ttl)
                    .compose(lease -> send(context, 200, leased(lease)));
        });
    }

    /** Gives back. */
    void release(RoutingContext context) {
        answer(
                context,
                (caller, members) -> leases.release(Target.id(context), caller.tokenId(), secret(context))
                        .compose(v -> send(context, 200, Map.of())));
    }

    private void answer(RoutingContext context, Call call) {
        RequestBody body = new RequestBody(context.vertx(), context.request());
        auth.caller(context)
                .compose(caller -> {
                    Query.none(context.request());
                    return bodies.read(
                                    context.vertx(),
                                    body,
                                    caller.tokenId(),
                                    json -> call.run(caller, JsonMembers.read(json)))
                            .compose(answered -> answered);
                })
                .onFailure(cause -> FailureHandler.fail(context, cause))
                .onComplete(done -> body.cancel());
    }

    private static LeaseRequest request(JsonMembers members) throws JsonParseException {
        return new LeaseRequest(
                members.integer("ttl_seconds").orElse(LeaseRequest.TTL_SECONDS),
                members.integer("wait_seconds").orElse(LeaseRequest.WAIT_SECONDS),
                members.text("holder").orElse(""),
                members.flag("compute").orElse(true) ? LeaseRequest.Intent.COMPUTE : LeaseRequest.Intent.WATCH);
    }

    private Future<Void> ask(
            RoutingContext context, CacheId id, Caller caller, LeaseRequest request, Map<String, String> more) {
        return leases.ask(id, caller.tokenId(), request, Departure.of(context)).compose(grant -> {
            if (grant instanceof LeaseAnswer.Leased lease && context.response().closed()) {
                giveBack(id, caller, lease);
            }
            return reply(context, grant, more);
        });
    }

    private void giveBack(CacheId id, Caller caller, LeaseAnswer.Leased lease) {
        leases.release(id, caller.tokenId(), lease.secret()).onFailure(AccessLog::replyFailed);
    }

    private static Future<Void> reply(RoutingContext context, LeaseAnswer grant, Map<String, String> more) {
        Map<String, Object> fields = new TreeMap<>(more);
        return switch (grant) {
            case LeaseAnswer.Ready ready -> {
                fields.put("state", "ready");
                fields.put("metadata", ready.metadata());
                yield send(context, 200, fields);
            }
            case LeaseAnswer.Leased lease -> {
                fields.putAll(leased(lease));
                yield send(context, 201, fields);
            }
            case LeaseAnswer.Pending pending -> {
                fields.put("state", "pending");
                fields.put("holder", pending.held().map(held -> held.holder()).orElse(""));
                pending.held().ifPresent(held -> fields.put("expires", Long.toString(held.deadlineSeconds())));
                context.response().putHeader("Retry-After", "1");
                yield send(context, 202, fields);
            }
        };
    }

    private static Map<String, Object> leased(LeaseAnswer.Leased lease) {
        return Map.of(
                "state", "leased",
                "lease", lease.secret(),
                "fencing", lease.fencing(),
                "expires", Long.toString(lease.deadlineSeconds()));
    }

    private static Future<Void> send(RoutingContext context, int status, Map<String, ?> fields) {
        Map<String, Object> reply = new TreeMap<>(fields);
        reply.put("status", "ok");
        JsonReply.send(context.response(), status, reply);
        return Future.succeededFuture();
    }

    private static String secret(RoutingContext context) {
        String header = context.request().getHeader(HEADER);
        if (header == null || header.isBlank()) {
            throw new Failure.BadInput("Missing header: " + HEADER);
        }
        return header.strip();
    }
}
