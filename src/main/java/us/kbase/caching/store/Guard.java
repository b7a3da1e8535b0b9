package us.kbase.caching.store;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import us.kbase.caching.pace.Steps;

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

    /**
     * Tries to publish, and again under a new condition for as long as the store refuses and this guard gives one.
     *
     * @param attempt gives the new ETag, or nothing when the store refused the condition
     */
    default Future<String> publish(Function<Precondition, Future<Optional<String>>> attempt) {
        AtomicBoolean refused = new AtomicBoolean();
        return Steps.until(() -> (refused.get() ? afterConflict() : atPublish())
                .compose(attempt)
                .map(etag -> {
                    refused.set(etag.isEmpty());
                    return etag;
                }));
    }

    /** The store refused the condition: a new one to try again under, or a failure that ends the put. */
    Future<Precondition> afterConflict();

    /**
     * Whether the store's refusal is told as one though an own try, of which no answer came, may have landed and been replaced or removed
     * since. Usually, since who made the put then looks what is there. Not where what goes on behind it would publish a second time, or
     * deny what others have seen: there it is a fault.
     */
    default boolean toleratesUnknownTries() {
        return true;
    }

    /** Tries once, under that condition; where it does not hold, the put fails with {@link Conflict}, and who made it looks what is there. */
    static Guard once(Precondition condition) {
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
