package us.kbase.caching.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs a few operations whose store calls happen one at a time, in every order that there is: each call is held until all
 * operations stand before a call or have ended, then one of them goes on.
 */
public final class Turns {

    private static final long HELD_MILLIS_MAX = 10_000;

    /** An operation that goes on and on while another stands still is waiting for that one. */
    private static final int CALLS_IN_A_ROW_MAX = 6;

    private final Vertx vertx;
    private final Map<Integer, Runnable> held = new TreeMap<>();
    private boolean open = true;
    private int unfinished;

    public Turns(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The turns of one operation; open until {@link #run}. */
    public MemoryBucket.Turn of(int operation) {
        return new MemoryBucket.Turn() {
            @Override
            public <T> Future<T> take(Supplier<Future<T>> call) {
                return hold(operation, call);
            }
        };
    }

    private synchronized <T> Future<T> hold(int operation, Supplier<Future<T>> call) {
        if (open) {
            return call.get();
        }
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        held.put(operation, () -> context.runOnContext(v -> call.get().onComplete(promise)));
        notifyAll();
        return promise.future();
    }

    /** What one order came to. */
    public record Outcome<R>(List<Integer> order, List<R> replies) {}

    /**
     * Every order of the operations' calls.
     *
     * @param fresh prepares a run and gives its operations, to be started
     * @param after looks at each outcome, before the next is prepared
     */
    public <R> int all(Supplier<List<Supplier<Future<R>>>> fresh, Function<Outcome<R>, Void> after) {
        List<Integer> choices = new ArrayList<>();
        int runs = 0;
        while (true) {
            List<Integer> options = new ArrayList<>();
            List<Supplier<Future<R>>> operations = fresh.get();
            after.apply(run(operations, choices, options));
            runs++;
            int last = choices.size() - 1;
            while (last >= 0 && choices.get(last) + 1 >= options.get(last)) {
                choices.remove(last--);
            }
            if (last < 0) {
                return runs;
            }
            choices.set(last, choices.get(last) + 1);
        }
    }

    private <R> Outcome<R> run(List<Supplier<Future<R>>> operations, List<Integer> choices, List<Integer> options) {
        List<Future<R>> running = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        close(operations.size());
        operations.forEach(operation -> running.add(started(operation)));
        while (awaitAllHeld()) {
            List<Integer> ready = ready(order);
            int step = order.size();
            if (step == choices.size()) {
                choices.add(0);
            }
            options.add(ready.size());
            int next = ready.get(choices.get(step));
            order.add(next);
            release(next);
        }
        synchronized (this) {
            open = true;
        }
        return new Outcome<>(order, running.stream().map(Loop::await).toList());
    }

    private <R> Future<R> started(Supplier<Future<R>> operation) {
        Future<R> future = new Loop(vertx).start(operation);
        return future.onComplete(done -> finished());
    }

    private synchronized void close(int operations) {
        open = false;
        unfinished = operations;
    }

    private synchronized void finished() {
        unfinished--;
        notifyAll();
    }

    /** False when all have ended. */
    private synchronized boolean awaitAllHeld() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HELD_MILLIS_MAX);
        while (held.size() < unfinished) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("an operation neither calls the store nor ends");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return unfinished > 0;
    }

    private synchronized List<Integer> ready(List<Integer> order) {
        List<Integer> ready = List.copyOf(held.keySet());
        int size = order.size();
        if (ready.size() > 1 && size >= CALLS_IN_A_ROW_MAX) {
            List<Integer> tail = order.subList(size - CALLS_IN_A_ROW_MAX, size);
            if (tail.stream().distinct().count() == 1) {
                return ready.stream().filter(o -> !o.equals(tail.get(0))).toList();
            }
        }
        return ready;
    }

    private void release(int operation) {
        Runnable call;
        synchronized (this) {
            call = held.remove(operation);
        }
        call.run();
    }
}
