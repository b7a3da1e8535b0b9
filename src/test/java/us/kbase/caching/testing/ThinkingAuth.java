package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.util.function.Function;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.auth.StaticAuthenticator;

/** An auth server that knows {@link LoopGateway#USERS}, and thinks about a token until the test lets it go on. */
public final class ThinkingAuth implements Authenticator {

    private final Authenticator known = new StaticAuthenticator("static", LoopGateway.USERS);
    private final Function<String, Future<Void>> thought;

    /** Answers about a token when that is done, which any thread may do. */
    public ThinkingAuth(Function<String, Future<Void>> thought) {
        this.thought = thought;
    }

    @Override
    public Future<Verdict> authenticate(String token) {
        PromiseInternal<Void> done = ContextInternal.current().promise();
        thought.apply(token).onComplete(done);
        return done.future().compose(v -> known.authenticate(token));
    }
}
