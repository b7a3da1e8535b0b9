package us.kbase.caching.memory;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;

/**
 * The heap that one kind of thing may take, in bytes. What is taken is a {@link Payment}, which its one owner gives back on every end.
 * Any thread.
 */
public final class Budget {

    private final String kind;
    private final long ownBytes;
    private final CommonPart common;
    private final FairQueue<Waiter> waiting = new FairQueue<>();
    private long usedBytes;
    private long refused;

    Budget(String kind, long ownBytes, CommonPart common) {
        this.kind = kind;
        this.ownBytes = ownBytes;
        this.common = common;
    }

    /** A budget that stands alone, and borrows nothing. For tests and tools. */
    public static Budget of(String kind, long bytes) {
        return new Budget(kind, bytes, new CommonPart(0));
    }

    /** What it pays for, in one word that does not change: a metric's label. */
    public String kind() {
        return kind;
    }

    /** What is taken now. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /** What it could take at most: its own part, and all of the common part. */
    public long limitBytes() {
        return ownBytes + common.limitBytes();
    }

    /** What it could take now, unless another kind takes it first. */
    public synchronized long freeBytes() {
        return Math.max(0, ownBytes - usedBytes) + common.freeBytes();
    }

    /** How many wait now. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** How many found no room, or waited in vain, since the start. */
    public synchronized long refused() {
        return refused;
    }

    /** Takes the bytes if there is room and nobody waits for it. */
    public synchronized Optional<Payment> tryTake(long bytes) {
        if (waiting.isEmpty() && take(bytes)) {
            return Optional.of(new Payment(bytes));
        }
        refused++;
        return Optional.empty();
    }

    /**
     * Takes the bytes, or waits for room: in order for one user, in turns among users.
     *
     * @param user on whose behalf; never shown
     * @param waitMax after which it fails with {@link Failure.Busy}
     * @return completes on the calling context; one that fails took nothing
     */
    public Future<Payment> take(Vertx vertx, long bytes, String user, Duration waitMax) {
        if (bytes > limitBytes()) {
            return Future.failedFuture(new Failure.TooLarge("This request needs more memory than the gateway has"));
        }
        Waiter waiter;
        synchronized (this) {
            if (waiting.isEmpty() && take(bytes)) {
                return Future.succeededFuture(new Payment(bytes));
            }
            waiter = new Waiter(bytes, ((ContextInternal) vertx.getOrCreateContext()).promise());
            waiting.add(user, waiter);
        }
        long timer = vertx.setTimer(waitMax.toMillis(), id -> giveUp(user, waiter));
        return waiter.promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void giveUp(String user, Waiter waiter) {
        boolean waited;
        synchronized (this) {
            waited = waiting.remove(user, waiter);
            refused += waited ? 1 : 0;
        }
        if (waited) {
            waiter.promise.fail(new Failure.Busy("The gateway has no memory for this now; try again later"));
        }
    }

    private record Waiter(long bytes, Promise<Payment> promise) {}

    private boolean take(long bytes) {
        long borrows = borrowed(usedBytes + bytes) - borrowed(usedBytes);
        if (borrows > 0 && !common.tryLend(borrows)) {
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    private long borrowed(long used) {
        return Math.max(0, used - ownBytes);
    }

    /** Room that another kind gave back is noticed by the next of this kind that is given back, or by who asks next. */
    private void giveBack(long bytes) {
        List<Waiter> served = new ArrayList<>();
        synchronized (this) {
            common.takeBack(borrowed(usedBytes) - borrowed(usedBytes - bytes));
            usedBytes -= bytes;
            for (Waiter next = waiting.peek(); next != null && take(next.bytes); next = waiting.peek()) {
                waiting.poll();
                served.add(next);
            }
        }
        served.forEach(waiter -> waiter.promise.complete(new Payment(waiter.bytes)));
    }

    /** Bytes that were taken. Its owner gives them back once, whatever happens; giving back again does nothing. */
    public final class Payment {
        private long bytes;

        private Payment(long bytes) {
            this.bytes = bytes;
        }

        /** Takes more for the same owner if there is room; it never waits. */
        public boolean tryGrow(long more) {
            synchronized (Budget.this) {
                if (!take(more)) {
                    refused++;
                    return false;
                }
                bytes += more;
                return true;
            }
        }

        /** The same for what others need more: it takes only while half of what there is stays free. */
        public boolean tryGrowWithRoomToSpare(long more) {
            synchronized (Budget.this) {
                if (freeBytes() - more >= limitBytes() / 2) {
                    return tryGrow(more);
                }
                refused++;
                return false;
            }
        }

        /** Gives everything back. */
        public void giveBack() {
            long taken;
            synchronized (Budget.this) {
                taken = bytes;
                bytes = 0;
            }
            if (taken > 0) {
                Budget.this.giveBack(taken);
            }
        }

        /** What is paid for now. */
        public long bytes() {
            synchronized (Budget.this) {
                return bytes;
            }
        }
    }

    /** Gives a payment back that may be missing. */
    public static void giveBack(@Nullable Payment payment) {
        if (payment != null) {
            payment.giveBack();
        }
    }
}
