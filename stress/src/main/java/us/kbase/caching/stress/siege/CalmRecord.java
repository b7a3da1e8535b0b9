package us.kbase.caching.stress.siege;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What calm users met in one phase. Safe for all threads. */
final class CalmRecord {

    private static final int DIGITS = 3;

    private final Map<Long, Histogram> microsByLateMillis = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private Histogram interval = new Histogram(DIGITS);
    private final List<Histogram> stretches = new ArrayList<>(List.of(new Histogram(DIGITS)));
    private long good;
    private long failed;
    private long excused;
    private long wrong;

    /** Quantiles of all calls under one delay of the store. */
    record Latency(long calls, double p50Millis, double p99Millis) {
        static Latency of(Histogram micros) {
            return new Latency(
                    micros.getTotalCount(),
                    micros.getValueAtPercentile(50) / 1e3,
                    micros.getValueAtPercentile(99) / 1e3);
        }
    }

    /** The stretch of now: the first is 0. */
    synchronized int stretch() {
        return stretches.size() - 1;
    }

    /** Another stretch begins. */
    synchronized void nextStretch() {
        stretches.add(new Histogram(DIGITS));
    }

    /** A call ended, which counts for the stretch in which it began. */
    synchronized void answered(int stretch, long lateMillis, long micros) {
        microsByLateMillis
                .computeIfAbsent(lateMillis, late -> new Histogram(DIGITS))
                .recordValue(micros);
        interval.recordValue(micros);
        stretches.get(stretch).recordValue(micros);
    }

    synchronized void jobGood() {
        good++;
    }

    /** A job did not end well. */
    synchronized void jobFailed(String kind) {
        failed++;
        failures.merge(kind, 1L, Long::sum);
    }

    /** A job was told to come again while the store was so late that a gateway may give up, or told it to slow down. */
    synchronized void jobExcused(String kind) {
        excused++;
        failures.merge(kind + " while S3 was very late or told to slow down", 1L, Long::sum);
    }

    /** Bytes came that were not asked for, or did not come though the reply ended well. */
    synchronized void wrongBytes() {
        wrong++;
    }

    synchronized long good() {
        return good;
    }

    synchronized long failed() {
        return failed;
    }

    synchronized long excused() {
        return excused;
    }

    synchronized long wrong() {
        return wrong;
    }

    synchronized Map<String, Long> failures() {
        return new TreeMap<>(failures);
    }

    synchronized Map<Long, Latency> latencies() {
        Map<Long, Latency> all = new TreeMap<>();
        microsByLateMillis.forEach((late, micros) -> all.put(late, Latency.of(micros)));
        return all;
    }

    /** The calls that began in a stretch and have ended. */
    synchronized Latency ofStretch(int stretch) {
        return Latency.of(stretches.get(stretch));
    }

    /** The calls since this was asked last. */
    synchronized Latency sinceLast() {
        Latency latency = Latency.of(interval);
        interval = new Histogram(DIGITS);
        return latency;
    }
}
