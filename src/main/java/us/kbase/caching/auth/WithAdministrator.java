package us.kbase.caching.auth;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Knows one administrator by a token of its own, and leaves all others to another authenticator. Any thread. */
public final class WithAdministrator implements Authenticator {

    private static final Verdict ADMINISTRATOR = new Verdict(new Caller("local:administrator", true), 0);

    private final byte[] token;
    private final Authenticator others;

    /** Knows the administrator by that token. */
    public WithAdministrator(String token, Authenticator others) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.others = others;
    }

    @Override
    public Future<Verdict> authenticate(String asked) {
        return isAdministrators(asked) ? Future.succeededFuture(ADMINISTRATOR) : others.authenticate(asked);
    }

    @Override
    public Future<Verdict> authenticate(String asked, Asker asker) {
        return isAdministrators(asked) ? Future.succeededFuture(ADMINISTRATOR) : others.authenticate(asked, asker);
    }

    private boolean isAdministrators(String asked) {
        return MessageDigest.isEqual(asked.getBytes(StandardCharsets.UTF_8), token);
    }
}
