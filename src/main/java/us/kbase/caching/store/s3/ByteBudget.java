package us.kbase.caching.store.s3;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import us.kbase.caching.failure.Failure;

/** Bytes of memory that all uploads of a process share. Fair: who waits is served in order. Any thread. */
public final class ByteBudget {

    private record Waiter(long bytes, Promise<Void> granted) {}

    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private long free;

    /** A budget of that many bytes. */
    public ByteBudget(long bytes) {
        this.free = bytes;
    }

    /** Takes the bytes if they are there and nobody waits. */
    synchronized boolean tryReserve(long bytes) {
        if (!waiting.isEmpty() || free < bytes) {
            return false;
        }
        free -= bytes;
        return true;
    }

    /** Takes the bytes, later if need be; {@code Busy} when that takes too long. Completes on the caller's event loop. */
    Future<Void> reserve(Vertx vertx, long bytes, Duration waitMax) {
        if (tryReserve(bytes)) {
            return Future.succeededFuture();
        }
        Promise<Void> granted = ((ContextInternal) vertx.getOrCreateContext()).promise();
        Waiter waiter = new Waiter(bytes, granted);
        synchronized (this) {
            waiting.add(waiter);
        }
        long timer = vertx.setTimer(waitMax.toMillis(), id -> giveUp(waiter));
        release(0);
        return granted.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void giveUp(Waiter waiter) {
        boolean removed;
        synchronized (this) {
            removed = waiting.remove(waiter);
        }
        if (removed) {
            waiter.granted().fail(new Failure.Busy("No memory to collect this upload now; try again later"));
            release(0); // whoever stood behind may need less
        }
    }

    /** Gives bytes back and serves who waited longest. */
    void release(long bytes) {
        Deque<Waiter> served = new ArrayDeque<>();
        synchronized (this) {
            free += bytes;
            Waiter next = waiting.peek();
            while (next != null && next.bytes() <= free) {
                free -= next.bytes();
                served.add(waiting.remove());
                next = waiting.peek();
            }
        }
        served.forEach(waiter -> waiter.granted().complete());
    }

    /** How many wait now. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** What is free now. */
    synchronized long freeBytes() {
        return free;
    }
}
