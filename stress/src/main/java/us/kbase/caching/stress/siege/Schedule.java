package us.kbase.caching.stress.siege;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which attacks run when, and how late the store is meanwhile. The same seed gives the same. */
final class Schedule {

    private static final long SECONDS = 30;
    private static final long SECONDS_WHILE_VERY_LATE = 120;

    private final List<String> attacks;
    private final int atOnce;
    private final List<Long> lateMillis;
    private final Random random;
    private final List<String> hand = new ArrayList<>();

    /**
     * A stretch of the siege.
     *
     * @param lateMillis how late each call to the store is answered
     * @param attacks that run
     */
    record Stretch(long seconds, long lateMillis, List<String> attacks) {}

    /**
     * A schedule.
     *
     * @param lateMillis picked from by turns; what stands there twice comes twice as often
     */
    Schedule(List<String> attacks, int atOnce, List<Long> lateMillis, long seed) {
        this.attacks = List.copyOf(attacks);
        this.atOnce = Math.min(atOnce, attacks.size());
        this.lateMillis = List.copyOf(lateMillis);
        this.random = new Random(seed);
    }

    /** The next stretch. Every attack has its turn before any has its second. */
    Stretch next() {
        List<String> chosen = new ArrayList<>();
        while (chosen.size() < atOnce) {
            if (hand.isEmpty()) {
                hand.addAll(attacks);
                hand.removeAll(chosen);
                Collections.shuffle(hand, random);
            }
            chosen.add(hand.removeLast());
        }
        long late = lateMillis.get(random.nextInt(lateMillis.size()));
        boolean veryLate = late >= CalmUsers.VERY_LATE_MILLIS;
        return new Stretch(veryLate ? SECONDS_WHILE_VERY_LATE : SECONDS, late, List.copyOf(chosen));
    }
}
