package us.kbase.caching.simulation;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The store's own clock, which somebody may set. */
final class StoreClock {

    /** How far it is set from the true time at most. */
    static final long STEP_MAX = 5 * Network.SECOND;

    private final Schedule schedule;
    private long offMicros;
    private int timesSetBack;

    StoreClock(Schedule schedule) {
        this.schedule = schedule;
    }

    Instant now() {
        return schedule.now().plus(offMicros, ChronoUnit.MICROS);
    }

    /** As an answer says it. */
    Instant date() {
        return now().truncatedTo(ChronoUnit.SECONDS);
    }

    void step() {
        long before = offMicros;
        offMicros = schedule.between(-STEP_MAX, STEP_MAX);
        timesSetBack += offMicros < before ? 1 : 0;
    }

    int timesSetBack() {
        return timesSetBack;
    }
}
