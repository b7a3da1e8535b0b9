package us.kbase.caching.cache;

import io.vertx.core.Future;
import us.kbase.caching.store.Conflict;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;

/** Guards of tests. */
final class Writes {

    private Writes() {}

    /** One try under this condition. */
    static Guard of(Precondition condition) {
        return new Guard() {
            @Override
            public Precondition first() {
                return condition;
            }

            @Override
            public Future<Precondition> afterConflict() {
                return Future.failedFuture(new Conflict());
            }
        };
    }
}
