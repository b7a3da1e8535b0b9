package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** When the clients of tests leave. */
public final class Departures {

    /** The client stays until its reply. */
    public static final Future<Void> NEVER = Promise.<Void>promise().future();

    private Departures() {}
}
