package us.kbase.caching.store;

import io.vertx.core.Future;

/**
 * Removes an object in two steps, which are prepared before the look that they rest on. The store itself refuses them once {@link
 * Upkeep#strikeWindow} is over, so whoever was paused between look and strike cannot hit what came later. Each step is sent once.
 * False means that nothing was done; a failure means that the outcome is unknown.
 */
public interface GuardedRemoval {

    /**
     * Puts the marker in the object's place, if the object still has the ETag that was seen. Where an ETag names a version nothing
     * need be put: {@link #remove} asks for it again.
     */
    Future<Boolean> mark();

    /** Removes what lies under the key; only after {@link #mark} said true, while everybody leaves the marker alone. */
    Future<Boolean> remove();

    /** Done when neither step can land any more, though it was not answered: at once where every answer is the end of it. */
    default Future<Void> over() {
        return Future.succeededFuture();
    }
}
