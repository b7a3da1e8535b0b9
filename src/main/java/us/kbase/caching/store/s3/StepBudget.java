package us.kbase.caching.store.s3;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of memory that uploads take step by step, as their bytes arrive, so that a slow sender holds what it sent and not
 * what it may send. Who holds a part of what it needs could block others who do: so everybody says before what it may need at
 * most, and a step is given only if afterwards all holders could still get the rest of theirs one after the other, each giving
 * everything back at its end (Dijkstra's banker). Who must wait is served in order, passing over those for whom it is not
 * safe yet. Any thread.
 */
public final class StepBudget {

    /** Who may take all there is. */
    private static final String NOBODY = "";

    private final long bytes;

    /** Who holds something and may need more. */
    private final TreeSet<Share> holders = new TreeSet<>(
            Comparator.comparingLong((Share share) -> share.need).thenComparingLong(share -> share.serial));

    private final Set<Share> waiting = new LinkedHashSet<>();
    private final Map<String, Long> heldByUser = new HashMap<>();
    private long free;
    private long certain; // held by those who need no more, so it comes back
    private long shares;

    /** A budget of that many bytes. */
    public StepBudget(long bytes) {
        this.bytes = bytes;
        this.free = bytes;
    }

    /** What there is in all. */
    public long bytes() {
        return bytes;
    }

    /** What is free now. */
    public synchronized long freeBytes() {
        return free;
    }

    /** How many wait now. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /**
     * A share that holds nothing yet.
     *
     * @param needBytesMax what it will wait for at most, not more than the budget; 0 for one that never waits
     */
    synchronized Share share(long needBytesMax) {
        return share(needBytesMax, NOBODY);
    }

    /** The same for a user, of whom all shares together begin to take only while twice as much is free as they hold. */
    synchronized Share share(long needBytesMax, String user) {
        if (needBytesMax > bytes) {
            throw new IllegalArgumentException(needBytesMax + " bytes can never be given out of " + bytes);
        }
        return new Share(shares++, needBytesMax, user);
    }

    /** What one upload holds. Closed by its owner in every case, after which it gives and takes nothing. */
    final class Share {
        private final long serial;
        private final String user;
        private long need;
        private long held;
        private long asked;
        private @Nullable Runnable granted;
        private boolean closed;

        private Share(long serial, long need, String user) {
            this.serial = serial;
            this.need = need;
            this.user = user;
        }

        /**
         * Takes more now, or runs {@code later} once it was taken, on the thread that made room; never after {@link
         * #withdraw} or {@link #close}. At most one such question is open.
         *
         * @return whether it was taken now
         */
        boolean grow(long more, Runnable later) {
            synchronized (StepBudget.this) {
                if (more > need || granted != null) {
                    throw new IllegalStateException("asks for " + more + " bytes of " + need + ", or twice");
                }
                // Nobody who waits could be served now: giving a step makes no other step safe, and each release serves
                // all.
                if (take(this, more)) {
                    return true;
                }
                asked = more;
                granted = later;
                waiting.add(this);
                return false;
            }
        }

        /** Takes more for one that need not wait for it: only while nobody waits and so many bytes stay free. */
        boolean tryGrow(long more, long stayFreeBytes) {
            synchronized (StepBudget.this) {
                if (closed || !waiting.isEmpty() || free - more < stayFreeBytes || takesTooMuch(this, more)) {
                    return false;
                }
                move(this, more, 0);
                return true;
            }
        }

        /** Waits no longer; false when it does not, since it got what it waited for. */
        boolean withdraw() {
            synchronized (StepBudget.this) {
                granted = null;
                return waiting.remove(this);
            }
        }

        /** Will ask for nothing more, and only has to give back. */
        void needsNoMore() {
            settle(() -> move(this, 0, need));
        }

        /** Gives some back. */
        void shrink(long less) {
            settle(() -> move(this, -Math.min(less, held), 0));
        }

        /** Gives everything back, waits no longer and may ask for nothing more. May be called more than once. */
        void close() {
            settle(() -> {
                closed = true;
                granted = null;
                waiting.remove(this);
                move(this, -held, need);
            });
        }

        /** What it holds now. */
        long heldBytes() {
            synchronized (StepBudget.this) {
                return held;
            }
        }
    }

    /** Makes room, and serves who waited for it. */
    private void settle(Runnable change) {
        List<Runnable> served = new ArrayList<>();
        synchronized (this) {
            change.run();
            for (Share next : inTurn()) {
                Runnable granted = next.granted;
                if (granted != null && take(next, next.asked) && next.withdraw()) {
                    served.add(granted);
                }
            }
        }
        served.forEach(Runnable::run);
    }

    /** Whose user holds least comes first; of one user, who came first. */
    private List<Share> inTurn() {
        return waiting.stream()
                .sorted(Comparator.comparingLong(share -> heldOf(share.user)))
                .toList();
    }

    private long heldOf(String user) {
        return heldByUser.getOrDefault(user, 0L);
    }

    /** Who holds a part of what it needs must be able to go on; who begins, or need not wait, leaves room for others. */
    private boolean takesTooMuch(Share share, long more) {
        return !share.user.equals(NOBODY) && heldOf(share.user) + more > 2 * (free - more);
    }

    private boolean take(Share share, long more) {
        boolean begins = share.held == 0 && heldOf(share.user) > 0;
        if (more > free || begins && takesTooMuch(share, more)) {
            return false;
        }
        move(share, more, more);
        if (isSafe()) {
            return true;
        }
        move(share, -more, -more);
        return false;
    }

    private void move(Share share, long more, long needLess) {
        holders.remove(share);
        certain -= share.need == 0 ? share.held : 0;
        free -= more;
        share.held += more;
        heldByUser.merge(share.user, more, (before, change) -> before + change == 0 ? null : before + change);
        share.need -= needLess;
        certain += share.need == 0 ? share.held : 0;
        if (share.held > 0 && share.need > 0) {
            holders.add(share);
        }
    }

    /** Who needs least comes first: if it cannot end with what is free, nobody can. */
    private boolean isSafe() {
        long available = free + certain;
        for (Share next : holders) {
            if (holders.last().need <= available) {
                return true;
            }
            if (next.need > available) {
                return false;
            }
            available += next.held;
        }
        return true;
    }
}
