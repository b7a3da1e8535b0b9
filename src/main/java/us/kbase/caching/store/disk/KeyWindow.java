package us.kbase.caching.store.disk;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys that follow one in order, as many as there is room for: a walk fills it, and this store's own writes and removals, also
 * those during the walk, keep it current. So a walk, which folders by hash make long, serves several pages. Any thread.
 */
final class KeyWindow {

    private final int keysMax;
    private final String after;
    private final TreeSet<String> keys = new TreeSet<>();
    private @Nullable String end;

    /** An empty one, to be filled with the keys behind {@code after}. */
    KeyWindow(String after, int keysMax) {
        this.after = after;
        this.keysMax = keysMax;
    }

    /** A key that there is; one outside is passed over, and beyond the bound the last one gives way. */
    synchronized void add(String key) {
        if (key.compareTo(after) <= 0 || isBehindEnd(key)) {
            return;
        }
        keys.add(key);
        if (keys.size() > keysMax) {
            keys.pollLast();
            end = keys.last();
        }
    }

    synchronized void remove(String key) {
        keys.remove(key);
    }

    private boolean isBehindEnd(String key) {
        String last = end;
        return last != null && key.compareTo(last) > 0;
    }

    /** At most {@code limit} keys behind one; nothing when only a walk can tell as many. */
    synchronized Optional<List<String>> next(String behind, int limit) {
        if (behind.compareTo(after) < 0) {
            return Optional.empty();
        }
        List<String> next = keys.tailSet(behind, false).stream().limit(limit).toList();
        return next.size() < limit && end != null ? Optional.empty() : Optional.of(next);
    }
}
