package us.kbase.caching.expiry;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Counts of a running sweep. */
final class SweepCounts {

    enum Of {
        OBJECTS,
        ENTRIES,
        FOREIGN,
        EXPIRED,
        REMOVED,
        SPARED,
        FAILED,
        UPLOADS
    }

    private final Map<Of, Long> counts = new EnumMap<>(Of.class);
    private Optional<String> stopped = Optional.empty();

    void add(Of what) {
        add(what, 1);
    }

    void add(Of what, long count) {
        counts.merge(what, count, Long::sum);
    }

    void stop(String why) {
        stopped = Optional.of(why);
    }

    boolean isStopped() {
        return stopped.isPresent();
    }

    SweepReport report() {
        return new SweepReport(
                of(Of.OBJECTS),
                of(Of.ENTRIES),
                of(Of.FOREIGN),
                of(Of.EXPIRED),
                of(Of.REMOVED),
                of(Of.SPARED),
                of(Of.FAILED),
                of(Of.UPLOADS),
                stopped);
    }

    private long of(Of what) {
        return counts.getOrDefault(what, 0L);
    }
}
