package us.kbase.caching.expiry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import us.kbase.caching.cache.ExpiryMarks;

/** What took results' places in this sweep, until it may go: in the order of time, and not more than a bound. */
final class Graves {

    static final int MAX = 10_000;

    private record Grave(String key, Instant due) {}

    private final InstantSource clock;
    private final ArrayDeque<Grave> graves = new ArrayDeque<>();

    Graves(InstantSource clock) {
        this.clock = clock;
    }

    /** Remembers something that was seen, or put, in a result's place just now. Beyond the bound a later sweep finds it. */
    void add(String key) {
        if (graves.size() < MAX) {
            graves.add(new Grave(key, clock.instant().plus(ExpiryMarks.QUIET).plusSeconds(1)));
        }
    }

    /** Takes those whose time has come. */
    List<String> due() {
        List<String> due = new ArrayList<>();
        Instant now = clock.instant();
        while (!graves.isEmpty() && !graves.peek().due().isAfter(now)) {
            due.add(graves.remove().key());
        }
        return due;
    }

    void clear() {
        graves.clear();
    }

    int size() {
        return graves.size();
    }

    /** How long until the first is due; zero when one is, or there is none. */
    Duration untilDue() {
        Grave first = graves.peek();
        Duration left = first == null ? Duration.ZERO : Duration.between(clock.instant(), first.due());
        return left.isNegative() ? Duration.ZERO : left;
    }
}
