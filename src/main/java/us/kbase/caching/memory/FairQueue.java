package us.kbase.caching.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, in turns among users and in order for each of them: a user with a thousand requests delays another by one of them at
 * most. Every operation takes constant time, but {@link #remove}. Not safe for threads: its owner guards it.
 */
public final class FairQueue<T> {

    /** The first user is served next; who was served stands last again. */
    private final Map<String, Deque<T>> byUser = new LinkedHashMap<>();

    private int size;

    /** Puts it behind what the same user waits for. */
    public void add(String user, T waiter) {
        byUser.computeIfAbsent(user, u -> new ArrayDeque<>(1)).add(waiter);
        size++;
    }

    /** Takes out who is served next; null when nobody waits. */
    public @Nullable T poll() {
        if (size == 0) {
            return null;
        }
        Map.Entry<String, Deque<T>> next = byUser.entrySet().iterator().next();
        T served = next.getValue().element();
        takeFirst(next.getKey(), next.getValue());
        return served;
    }

    /**
     * Takes out the next who may be served: of each user the first, in turn. The question may change what is asked for next, so it is
     * asked of one after the other until somebody may; null when nobody may.
     */
    public @Nullable T pollFirst(Predicate<T> mayBeServed) {
        Map.Entry<String, Deque<T>> next = firstWhere(mayBeServed);
        if (next == null) {
            return null;
        }
        T served = next.getValue().element();
        takeFirst(next.getKey(), next.getValue());
        return served;
    }

    /** The first in turn, of each user's first, of whom that is so; it goes on waiting. Null when there is none. */
    public @Nullable T peekFirst(Predicate<T> test) {
        Map.Entry<String, Deque<T>> next = firstWhere(test);
        return next == null ? null : next.getValue().element();
    }

    private Map.@Nullable Entry<String, Deque<T>> firstWhere(Predicate<T> test) {
        for (Map.Entry<String, Deque<T>> next : byUser.entrySet()) {
            if (test.test(next.getValue().element())) {
                return next;
            }
        }
        return null;
    }

    /** How many of a user wait. */
    public int of(String user) {
        Deque<T> waiters = byUser.get(user);
        return waiters == null ? 0 : waiters.size();
    }

    private void takeFirst(String user, Deque<T> waiters) {
        waiters.remove();
        size--;
        byUser.remove(user);
        if (!waiters.isEmpty()) {
            byUser.put(user, waiters);
        }
    }

    /** Whether it waited, and does no longer. */
    public boolean remove(String user, T waiter) {
        Deque<T> waiters = byUser.get(user);
        if (waiters == null || !waiters.remove(waiter)) {
            return false;
        }
        size--;
        if (waiters.isEmpty()) {
            byUser.remove(user);
        }
        return true;
    }

    /** How many wait. */
    public int size() {
        return size;
    }

    /** Whether nobody waits. */
    public boolean isEmpty() {
        return size == 0;
    }
}
