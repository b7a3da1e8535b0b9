package us.kbase.caching.store;

import io.vertx.core.Future;

/** Decides under which condition a put may publish. Called on the event loop of the put. */
public interface Guard {

    /** The condition for the first try. */
    Precondition first();

    /**
     * The condition once the body is whole, right before the first try. A guard whose condition grows old while a long body
     * arrives looks again here.
     */
    default Future<Precondition> atPublish() {
        return Future.succeededFuture(first());
    }

    /** The store refused the condition: a new one to try again under, or a failure that ends the put. */
    Future<Precondition> afterConflict();
}
