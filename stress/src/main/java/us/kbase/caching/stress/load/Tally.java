package us.kbase.caching.stress.load;

import io.vertx.core.Future;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What happened: latencies by kind of call, errors by kind, bytes. Safe for all event loops. */
public final class Tally {

    private static final int DIGITS = 3;

    private final Map<String, Recorder> latencies = new ConcurrentHashMap<>();
    private final Map<String, Histogram> drained = new TreeMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesVerified = new LongAdder();
    private final LongAdder jobsPlanned = new LongAdder();
    private final LongAdder jobsGood = new LongAdder();
    private final LongAdder jobsBad = new LongAdder();
    private final LongAdder bytesPlanned = new LongAdder();

    public void sent(long bytes) {
        bytesSent.add(bytes);
    }

    public void verified(long bytes) {
        bytesVerified.add(bytes);
    }

    /** Announces jobs, so that one that never ends is missed. */
    void plan(int jobs, long bytesEach) {
        jobsPlanned.add(jobs);
        bytesPlanned.add(jobs * bytesEach);
    }

    void jobEnded(boolean good) {
        (good ? jobsGood : jobsBad).increment();
    }

    /** Counts an error. */
    void error(String call, Throwable cause) {
        errors.computeIfAbsent(call + ": " + CallFailed.kind(cause), kind -> new LongAdder())
                .increment();
    }

    /**
     * Makes a call and counts it.
     *
     * @param intendedNanos when the call was to begin; what it waited since then belongs to its latency
     */
    <T> Future<T> time(String call, long intendedNanos, Supplier<Future<T>> make) {
        return make.get()
                .onSuccess(v -> latencies
                        .computeIfAbsent(call, kind -> new Recorder(DIGITS))
                        .recordValue((System.nanoTime() - intendedNanos) / 1_000))
                .onFailure(cause -> error(call, cause));
    }

    /** Latencies in microseconds by kind of call, of all calls that went well so far. */
    public synchronized Map<String, Histogram> latencyMicros() {
        latencies.forEach((call, recorder) ->
                drained.computeIfAbsent(call, kind -> new Histogram(DIGITS)).add(recorder.getIntervalHistogram()));
        Map<String, Histogram> copy = new TreeMap<>();
        drained.forEach((call, histogram) -> copy.put(call, histogram.copy()));
        return copy;
    }

    /** How often each kind of error was met. */
    public Map<String, Long> errors() {
        Map<String, Long> counts = new TreeMap<>();
        errors.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    /** File bytes handed to sockets. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /** File bytes received and found right. */
    public long bytesVerified() {
        return bytesVerified.sum();
    }

    /** File bytes that are to be verified once all is done. */
    public long bytesPlanned() {
        return bytesPlanned.sum();
    }

    /** Jobs that were announced. */
    public long jobsPlanned() {
        return jobsPlanned.sum();
    }

    /** Jobs that ended, well or not. */
    public long jobsEnded() {
        return jobsGood.sum() + jobsBad.sum();
    }

    /** Jobs whose every step went well. */
    public long jobsGood() {
        return jobsGood.sum();
    }

    /** Whether all that was announced came to a good end: every job, every byte, no error. */
    public boolean allGood() {
        return errors.isEmpty() && jobsGood() == jobsPlanned() && bytesVerified() == bytesPlanned();
    }
}
