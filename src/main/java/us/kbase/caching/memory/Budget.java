package us.kbase.caching.memory;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.CallersContext;

/**
 * The heap that one kind of thing may take, in bytes. What is taken is a {@link Payment}, which its one owner gives back on every end.
 * Among users it goes by {@link Shares}. Any thread.
 */
public final class Budget {

    private final String kind;
    private final Allotment allotment;
    private final FairQueue<Waiter> waiting = new FairQueue<>();
    private final Shares shares = new Shares();
    private long refused;

    private Budget(String kind, Allotment allotment) {
        this.kind = kind;
        this.allotment = allotment;
    }

    /** One that borrows from a common part, and is told when others give back to it. */
    static Budget borrowing(String kind, long ownBytes, CommonPart common, Claim claim) {
        Budget budget = new Budget(kind, Allotment.borrowing(ownBytes, common, claim));
        common.lendsTo(budget);
        return budget;
    }

    /** A budget that stands alone: it borrows nothing and sets nothing aside. For tests and tools. */
    public static Budget of(String kind, long bytes) {
        return new Budget(kind, Allotment.alone(bytes));
    }

    /** What it pays for, in one word that does not change: a metric's label. */
    public String kind() {
        return kind;
    }

    /** What is taken now. */
    public synchronized long usedBytes() {
        return allotment.usedBytes();
    }

    /** What it could take at most: its own part, and its claim to the common part. */
    public long limitBytes() {
        return allotment.limitBytes();
    }

    /** What anybody could take now, unless another kind takes it first. */
    public synchronized long freeBytes() {
        return allotment.freeBytes();
    }

    /** How many wait now. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** How many found no room, or waited in vain, since the start. */
    public synchronized long refused() {
        return refused;
    }

    /** Takes the bytes for nobody in particular, if there is room and nobody waits for it. */
    public Optional<Payment> tryTake(long bytes) {
        return tryTake(bytes, Shares.NOBODY);
    }

    /**
     * Takes the bytes if there is room, it is within the user's share, and nobody waits for that room.
     *
     * @param user on whose behalf; never shown
     */
    public Optional<Payment> tryTake(long bytes, String user) {
        serveWaiting();
        synchronized (this) {
            if (nextInShare() == null && take(bytes, user)) {
                return Optional.of(new Payment(bytes, user));
            }
            refused++;
            return Optional.empty();
        }
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
        serveWaiting();
        Waiter waiter;
        synchronized (this) {
            if (nextInShare() == null && take(bytes, user)) {
                return Future.succeededFuture(new Payment(bytes, user));
            }
            waiter = new Waiter(bytes, user, CallersContext.promise());
            waiting.add(user, waiter);
        }
        long timer = vertx.setTimer(waitMax.toMillis(), id -> giveUp(user, waiter));
        return waiter.promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /**
     * Does a work for which the bytes are taken first, as {@link #take} does; they are given back on every end of it, also when it throws.
     *
     * @param work may take more with the payment, which is not its own to give back
     */
    public <T> Future<T> during(
            Vertx vertx, long bytes, String user, Duration waitMax, Function<Payment, Future<T>> work) {
        return take(vertx, bytes, user, waitMax)
                .compose(payment ->
                        Future.succeededFuture(payment).compose(work).onComplete(done -> payment.giveBack()));
    }

    /** The first in turn that waits for room; whoever waits only for more of its user's own share stands in nobody's way. */
    private @Nullable Waiter nextInShare() {
        return waiting.peekFirst(waiter -> isInShare(waiter.bytes, waiter.user));
    }

    private void giveUp(String user, Waiter waiter) {
        boolean waited;
        synchronized (this) {
            waited = waiting.remove(user, waiter);
            refused += waited ? 1 : 0;
        }
        if (waited) {
            serveWaiting(); // who stood behind it may need less
            waiter.promise.fail(new Failure.Busy("The gateway has no memory for this now; try again later"));
        }
    }

    private record Waiter(long bytes, String user, Promise<Payment> promise) {}

    private boolean take(long bytes, String user) {
        return isInShare(bytes, user) && lend(0, bytes, user);
    }

    private boolean isInShare(long bytes, String user) {
        return shares.allow(user, bytes, freeBytes() - bytes, limitBytes());
    }

    private boolean lend(long heldBytes, long bytes, String user) {
        boolean taken = allotment.take(bytes, shares.isLittle(user, heldBytes, bytes, limitBytes()));
        if (taken) {
            shares.count(user, bytes);
        }
        return taken;
    }

    private void giveBack(long bytes, String user) {
        boolean lent;
        synchronized (this) {
            shares.count(user, -bytes);
            lent = allotment.giveBack(bytes);
        }
        serveWaiting();
        if (lent) {
            allotment.serveOthers();
        }
    }

    /** Whoever waits and finds room now, in turn. */
    void serveWaiting() {
        servedNow().forEach(waiter -> waiter.promise.complete(new Payment(waiter.bytes, waiter.user)));
    }

    /** When there is no room for the first in turn, nobody passes it. */
    private synchronized List<Waiter> servedNow() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Waiter> served = new ArrayList<>();
        Waiter next = nextInShare();
        while (next != null && lend(0, next.bytes, next.user)) {
            waiting.pollFirst(next::equals);
            served.add(next);
            next = nextInShare();
        }
        return served;
    }

    /** Bytes that were taken. Its owner gives them back once, whatever happens; giving back again does nothing. */
    public final class Payment {
        private long bytes;
        private String user;

        private Payment(long bytes, String user) {
            this.bytes = bytes;
            this.user = user;
        }

        /**
         * Becomes a user's, who was not known when it was taken.
         *
         * @return false, and nothing has changed, when it is beyond the user's share
         */
        public boolean tryBecomeOf(String other) {
            synchronized (Budget.this) {
                if (!shares.allow(other, bytes, freeBytes(), limitBytes())) {
                    refused++;
                    return false;
                }
                shares.count(user, -bytes);
                shares.count(other, bytes);
                user = other;
                return true;
            }
        }

        /** Takes more for the same owner if there is room; it never waits. */
        public boolean tryGrow(long more) {
            synchronized (Budget.this) {
                if (!lend(bytes, more, user)) {
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

        /** Gives so much of it back, or what is left of it. */
        public void shrink(long less) {
            long given;
            String owner;
            synchronized (Budget.this) {
                given = Math.min(less, bytes);
                owner = user;
                bytes -= given;
            }
            if (given > 0) {
                Budget.this.giveBack(given, owner);
            }
        }

        /** Gives everything back. */
        public void giveBack() {
            long taken;
            String owner;
            synchronized (Budget.this) {
                taken = bytes;
                owner = user;
                bytes = 0;
            }
            if (taken > 0) {
                Budget.this.giveBack(taken, owner);
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
