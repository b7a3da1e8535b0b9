package us.kbase.caching.store;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf the current request calls a store, so that users wait in turns and not requests. It goes with the request's context
 * through every future of it; work of the gateway itself is nobody's. Any thread.
 */
public final class OnBehalf implements VertxServiceProvider {

    /** The user of what no user asked for: sweeps, probes, tests. */
    public static final String NOBODY = "";

    private static final ContextLocal<String> USER = ContextLocal.registerLocal(String.class);

    /** For Vert.x, which must know of a context's local data before it makes the first context. */
    public OnBehalf() {}

    @Override
    public void init(VertxBootstrap bootstrap) {
        // loading this class registered the local
    }

    /** From now on the current request is this user's. */
    public static void user(String tokenId) {
        Context context = Vertx.currentContext();
        if (context != null) {
            USER.put(context, tokenId);
        }
    }

    /** Whose request is served now, or {@link #NOBODY}. */
    public static String user() {
        Context context = Vertx.currentContext();
        @Nullable String user = context == null ? null : USER.get(context);
        return user == null ? NOBODY : user;
    }
}
