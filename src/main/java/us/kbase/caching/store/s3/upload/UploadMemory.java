package us.kbase.caching.store.s3.upload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import us.kbase.caching.store.OnBehalf;

/**
 * Gives memory to uploads step by step, as their bytes arrive, so a slow sender holds what it sent and not what it may send. Uploads
 * that each hold part of what they need could block each other. So each declares the most that it may need, and gets a step only if
 * every holder could still finish afterwards, one after the other (Dijkstra's banker). Whoever must wait is served in order, except
 * where that is not safe yet. Any thread.
 */
public final class UploadMemory {

    private static final Comparator<Share> NEED_LEAST =
            Comparator.comparingLong((Share share) -> share.need).thenComparingLong(share -> share.serial);

    private final long bytes;

    /** Who holds something and may need more. */
    private final TreeSet<Share> holders = new TreeSet<>(NEED_LEAST);

    private final Set<Share> waiting = new LinkedHashSet<>();
    private final Map<String, OfUser> users = new HashMap<>();
    private long free;
    private long certain; // held by those who need no more, so it comes back
    private long shares;

    /** A budget of that many bytes. */
    public UploadMemory(long bytes) {
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
    public synchronized Share share(long needBytesMax) {
        return share(needBytesMax, OnBehalf.NOBODY);
    }

    /** The same for a user, whose shares take only while half as much stays free as they hold together, but for the one nearest its end. */
    public synchronized Share share(long needBytesMax, String user) {
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
            synchronized (UploadMemory.this) {
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
            synchronized (UploadMemory.this) {
                if (closed || !waiting.isEmpty() || free - more < stayFreeBytes || takesTooMuch(this, more)) {
                    return false;
                }
                move(this, more, 0);
                return true;
            }
        }

        /** Waits no longer; false when it does not, since it got what it waited for. */
        boolean withdraw() {
            synchronized (UploadMemory.this) {
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
            synchronized (UploadMemory.this) {
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

    /** What one user's shares hold together. */
    private static final class OfUser {
        private final TreeSet<Share> holders = new TreeSet<>(NEED_LEAST);
        private long held;
        private long certain;
    }

    private long heldOf(String user) {
        OfUser all = users.get(user);
        return all == null ? 0 : all.held;
    }

    /** Leaves no room for others; what nobody asked for may take all there is. */
    private boolean takesTooMuch(Share share, long more) {
        return !share.user.equals(OnBehalf.NOBODY) && heldOf(share.user) + more > 2 * (free - more);
    }

    /**
     * Of each user one goes on whatever it takes: the one that needs least, unless another needs nothing more and so will give back. So
     * the one that needs least of all can always end.
     */
    private boolean goesOn(Share share) {
        OfUser all = users.get(share.user);
        return all == null || all.certain == 0 && all.holders.first() == share;
    }

    private boolean take(Share share, long more) {
        if (more > free || !goesOn(share) && takesTooMuch(share, more)) {
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
        OfUser all = users.computeIfAbsent(share.user, user -> new OfUser());
        holders.remove(share);
        all.holders.remove(share);
        countCertain(all, share, -1);
        free -= more;
        share.held += more;
        all.held += more;
        share.need -= needLess;
        countCertain(all, share, 1);
        if (share.held > 0 && share.need > 0) {
            holders.add(share);
            all.holders.add(share);
        }
        if (all.held == 0) {
            users.remove(share.user);
        }
    }

    private void countCertain(OfUser all, Share share, int sign) {
        long bytes = share.need == 0 ? sign * share.held : 0;
        certain += bytes;
        all.certain += bytes;
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
