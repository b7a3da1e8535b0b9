package us.kbase.caching.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a verification finds, and names what is damaged. One event loop. */
final class VerifyCounts {

    private static final Logger log = LoggerFactory.getLogger(VerifyCounts.class);

    /** What is counted. */
    enum Of {
        ENTRIES,
        BYTES,
        VERIFIED,
        UNKNOWN,
        CHANGED,
        ABSENT,
        FAILED,
        DAMAGED
    }

    private final Map<Of, Long> counts = new EnumMap<>(Of.class);
    private final List<VerifyReport.Damaged> shown = new ArrayList<>();

    void add(Of what) {
        add(what, 1);
    }

    void add(Of what, long count) {
        counts.merge(what, count, Long::sum);
    }

    void damaged(String key, String how) {
        add(Of.DAMAGED);
        log.error("{} is damaged at rest: {}", key, how);
        if (shown.size() < VerifyReport.SHOWN_MAX) {
            shown.add(new VerifyReport.Damaged(key, how));
        }
    }

    void failed(String key, Throwable cause) {
        add(Of.FAILED);
        log.warn("{} could not be verified: {}", key, cause.toString());
    }

    VerifyReport report(Optional<String> stopped) {
        return new VerifyReport(
                of(Of.ENTRIES),
                of(Of.BYTES),
                of(Of.VERIFIED),
                of(Of.UNKNOWN),
                of(Of.CHANGED),
                of(Of.ABSENT),
                of(Of.FAILED),
                of(Of.DAMAGED),
                shown,
                stopped);
    }

    private long of(Of what) {
        return counts.getOrDefault(what, 0L);
    }
}
