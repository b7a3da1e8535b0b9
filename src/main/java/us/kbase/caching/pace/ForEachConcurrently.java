package us.kbase.caching.pace;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls for many items with a fixed number under way: the next begins when one has ended. One event loop. */
public final class ForEachConcurrently<T> {

    private final Iterator<T> items;
    private final Function<T, Future<?>> call;
    private final Promise<Void> done = CallersContext.promise();
    private @Nullable Throwable failure;
    private int underWay;
    private boolean filling;

    private ForEachConcurrently(Iterator<T> items, Function<T, Future<?>> call) {
        this.items = items;
        this.call = call;
    }

    /** Done when every call has ended well; at the first failure no more begin, and it fails once those under way ended. */
    public static <T> Future<Void> each(Iterable<T> items, int underWayMax, Function<T, Future<?>> call) {
        ForEachConcurrently<T> calls = new ForEachConcurrently<>(items.iterator(), call);
        calls.fill(underWayMax);
        return calls.done.future();
    }

    private void fill(int underWayMax) {
        if (filling) {
            return; // a call that ended at once: the loop below goes on
        }
        filling = true;
        while (underWay < underWayMax && failure == null && items.hasNext()) {
            underWay++;
            called(items.next()).onComplete(ended -> {
                underWay--;
                if (ended.failed() && failure == null) {
                    failure = ended.cause();
                }
                fill(underWayMax);
            });
        }
        filling = false;
        if (underWay == 0) {
            finish();
        }
    }

    /** Thrown into a future's listener an error would be lost, and the end never come. */
    private Future<?> called(T item) {
        try {
            return call.apply(item);
        } catch (RuntimeException | StackOverflowError thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private void finish() {
        Throwable cause = failure;
        if (cause == null) {
            done.tryComplete();
        } else {
            done.tryFail(cause);
        }
    }
}
