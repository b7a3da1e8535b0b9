package us.kbase.caching.expiry;

import io.vertx.core.Future;

/** Says whether this node should sweep now. It saves work and nothing else: two nodes that both believe so do no harm. */
public interface SweepTurn {

    /** Asked before each step; a failure means no. */
    Future<Boolean> mine();
}
