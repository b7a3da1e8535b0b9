package us.kbase.caching.auth;

import io.vertx.core.Future;

/** Turns a token into a caller. */
public interface Authenticator {

    /**
     * The caller that the token stands for, and how long that may be believed. Fails with {@code Forbidden} for a token that
     * is refused, with {@code Upstream} when nobody can say. Completes on the caller's event loop, where the reply is written.
     */
    Future<Verdict> authenticate(String token);

    /** The same on behalf of a client, for those who must choose whom they ask for first. */
    default Future<Verdict> authenticate(String token, Asker asker) {
        return authenticate(token);
    }

    /**
     * An answer.
     *
     * @param caller who it is
     * @param cacheForMillis how long the answer may be kept; 0 for this request only
     */
    record Verdict(Caller caller, long cacheForMillis) {}
}
