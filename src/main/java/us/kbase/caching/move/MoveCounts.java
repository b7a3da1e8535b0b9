package us.kbase.caching.move;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a move does, and names what did not go well. One event loop. */
final class MoveCounts {

    private static final Logger log = LoggerFactory.getLogger(MoveCounts.class);

    /** What is counted. */
    enum Of {
        ENTRIES,
        COPIED,
        BYTES,
        SAME,
        THERE,
        OVER,
        FOREIGN,
        CHANGED,
        DAMAGED,
        FAILED
    }

    private final Map<Of, Long> counts = new EnumMap<>(Of.class);
    private final List<MoveReport.Shown> shown = new ArrayList<>();
    private int failedInARow;

    void add(Of what) {
        add(what, 1);
    }

    void add(Of what, long count) {
        counts.merge(what, count, Long::sum);
        if (what != Of.ENTRIES) {
            failedInARow = 0;
        }
    }

    void damaged(String key, String how) {
        add(Of.DAMAGED);
        log.error("{} is damaged: {}", key, how);
        show(key, how);
    }

    void failed(String key, Throwable cause) {
        counts.merge(Of.FAILED, 1L, Long::sum);
        failedInARow++;
        log.warn("{} could not be moved: {}", key, cause.toString());
        show(key, String.valueOf(cause.getMessage()));
    }

    private void show(String key, String why) {
        if (shown.size() < MoveReport.SHOWN_MAX) {
            shown.add(new MoveReport.Shown(key, why));
        }
    }

    int failedInARow() {
        return failedInARow;
    }

    MoveReport report(Optional<String> stopped) {
        return new MoveReport(
                of(Of.ENTRIES),
                of(Of.COPIED),
                of(Of.BYTES),
                of(Of.SAME),
                of(Of.THERE),
                of(Of.OVER),
                of(Of.FOREIGN),
                of(Of.CHANGED),
                of(Of.DAMAGED),
                of(Of.FAILED),
                shown,
                stopped);
    }

    private long of(Of what) {
        return counts.getOrDefault(what, 0L);
    }
}
