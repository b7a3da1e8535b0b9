package us.kbase.caching.expiry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import us.kbase.caching.cache.EntryMetadata;

/** Remembers what took expired results' places in this sweep until it may be removed, in the order of time and up to a bound. */
final class DelayedRemovals {

    static final int MAX = 10_000;

    private record Delayed(String key, Instant due) {}

    private final InstantSource clock;
    private final ArrayDeque<Delayed> removals = new ArrayDeque<>();

    DelayedRemovals(InstantSource clock) {
        this.clock = clock;
    }

    /** Remembers something that was seen, or put, in a result's place just now. Beyond the bound a later sweep finds it. */
    void add(String key) {
        if (removals.size() < MAX) {
            removals.add(
                    new Delayed(key, clock.instant().plus(EntryMetadata.QUIET).plusSeconds(1)));
        }
    }

    /** Takes those whose time has come. */
    List<String> due() {
        List<String> due = new ArrayList<>();
        Instant now = clock.instant();
        while (!removals.isEmpty() && !removals.peek().due().isAfter(now)) {
            due.add(removals.remove().key());
        }
        return due;
    }

    void clear() {
        removals.clear();
    }

    int size() {
        return removals.size();
    }

    /** How long until the first is due; zero when one is, or there is none. */
    Duration untilDue() {
        Delayed first = removals.peek();
        Duration left = first == null ? Duration.ZERO : Duration.between(clock.instant(), first.due());
        return left.isNegative() ? Duration.ZERO : left;
    }
}
