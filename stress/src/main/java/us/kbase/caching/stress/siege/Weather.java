package us.kbase.caching.stress.siege;

import java.util.ArrayList;
import java.util.List;

/** How late the store answers by turns, so that a call can be held to the worst that it met. Safe for all threads. */
final class Weather {

    private final List<Long> lateMillis = new ArrayList<>(List.of(0L));

    /** From now on the store is so late. */
    synchronized void change(long millis) {
        lateMillis.add(millis);
    }

    /** A moment to ask {@link #worstSince} for later. */
    synchronized int now() {
        return lateMillis.size() - 1;
    }

    /** The latest that the store was at any time since that moment. */
    synchronized long worstSince(int moment) {
        return lateMillis.subList(moment, lateMillis.size()).stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
    }
}
