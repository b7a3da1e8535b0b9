package us.kbase.caching.stress.siege;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Whether the gateway held: what was measured against what was promised. */
record Verdict(List<Check> checks) {

    private static final double SLOWER_MAX = 2;
    private static final double GROWTH_MAX = 1.10;
    private static final double JVM_MEBIBYTES = 150e6 / (1 << 20);
    private static final long CALLS_MIN = 100;

    /** How a check came out. */
    enum Outcome {
        HELD,
        BROKEN,
        NOT_TOLD;

        static Outcome of(boolean held) {
            return held ? HELD : BROKEN;
        }
    }

    /**
     * A line of the table.
     *
     * @param what was looked at
     * @param promised the limit
     * @param seen what was measured
     */
    record Check(String what, String promised, String seen, Outcome outcome) {}

    /** Judges. */
    static Verdict of(Measured measured) {
        List<Check> checks = new ArrayList<>();
        checks.add(
                new Check("the process lives", "yes", measured.lived() ? "yes" : "no", Outcome.of(measured.lived())));
        checks.add(jobs(measured));
        checks.add(new Check(
                "replies with wrong bytes",
                "0",
                Long.toString(measured.wrongBytes()),
                Outcome.of(measured.wrongBytes() == 0)));
        measured.siegeMillis()
                .forEach((late, siege) ->
                        checks.add(latency(late, measured.calmMillis().get(late), siege)));
        checks.add(peak(measured));
        checks.add(growth(measured.rssWarmMebibytes(), measured.rssEndMebibytes()));
        checks.add(notAbove("descriptors, without those to S3", measured.openFilesStart(), measured.openFilesEnd()));
        checks.add(notAbove(
                "multipart uploads left open", OptionalLong.of(measured.uploadsUntold()), measured.multipartUploads()));
        checks.add(gauges(measured));
        return new Verdict(List.copyOf(checks));
    }

    /** Whether no promise was broken; what was not told breaks none. */
    boolean held() {
        return checks.stream().noneMatch(check -> check.outcome() == Outcome.BROKEN);
    }

    private static Check jobs(Measured measured) {
        String seen = measured.goodJobs() + " good, " + measured.failedJobs() + " failed"
                + (measured.excusedJobs() > 0 ? ", " + measured.excusedJobs() + " told to come again" : "");
        return new Check(
                "calm users' jobs",
                "0 failed",
                seen,
                Outcome.of(measured.failedJobs() == 0 && measured.goodJobs() + measured.excusedJobs() > 0));
    }

    private static Check latency(long lateMillis, CalmRecord.Latency calm, CalmRecord.Latency siege) {
        String what = "p99 of calm users' calls" + (lateMillis == 0 ? "" : ", S3 " + lateMillis + " ms late");
        String seen =
                String.format("%.0f ms (p50 %.0f ms, %d calls)", siege.p99Millis(), siege.p50Millis(), siege.calls());
        if (calm == null || calm.calls() < CALLS_MIN || siege.calls() < CALLS_MIN) {
            return new Check(what, "too few calls to compare", seen, Outcome.NOT_TOLD);
        }
        double limit = SLOWER_MAX * calm.p99Millis();
        return new Check(
                what,
                String.format("≤ %.0f ms, twice the calm %.0f ms", limit, calm.p99Millis()),
                seen,
                Outcome.of(siege.p99Millis() <= limit));
    }

    private static Check peak(Measured measured) {
        double limit = 2 * measured.heapMebibytes() + JVM_MEBIBYTES;
        return new Check(
                "peak RSS",
                String.format("≤ %.0f MiB: the heap, as much outside, 150 MB", limit),
                String.format("%.0f MiB", measured.peakRssMebibytes()),
                // The last look at a process that ended was before its peak.
                measured.lived() ? Outcome.of(measured.peakRssMebibytes() <= limit) : Outcome.NOT_TOLD);
    }

    private static Check growth(OptionalDouble warm, OptionalDouble end) {
        String what = "RSS at the end";
        if (warm.isEmpty() || end.isEmpty()) {
            return new Check(what, "≤ that after warm-up + 10 %", "–", Outcome.NOT_TOLD);
        }
        double limit = GROWTH_MAX * warm.getAsDouble();
        return new Check(
                what,
                String.format("≤ %.0f MiB, that after warm-up + 10 %%", limit),
                String.format("%.0f MiB", end.getAsDouble()),
                Outcome.of(end.getAsDouble() <= limit));
    }

    private static Check notAbove(String what, OptionalLong limit, OptionalLong seen) {
        if (limit.isEmpty() || seen.isEmpty()) {
            return new Check(what, "none left", "–", Outcome.NOT_TOLD);
        }
        return new Check(
                what,
                "≤ " + limit.getAsLong(),
                Long.toString(seen.getAsLong()),
                Outcome.of(seen.getAsLong() <= limit.getAsLong()));
    }

    private static Check gauges(Measured measured) {
        String what = "memory that the gateway says is in use";
        if (measured.gauges().isEmpty() || measured.gauges().get().isEmpty()) {
            return new Check(what, "0", "–", Outcome.NOT_TOLD);
        }
        Map<String, Double> held = measured.gauges().get().entrySet().stream()
                .filter(gauge -> gauge.getValue() != 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Check(what, "0", held.isEmpty() ? "0" : held.toString(), Outcome.of(held.isEmpty()));
    }

    /** The table. */
    String markdown() {
        StringBuilder text = new StringBuilder("| What | Promised | Seen | |\n|---|---|---|---|\n");
        for (Check check : checks) {
            text.append(String.format(
                    "| %s | %s | %s | %s |%n",
                    check.what(),
                    check.promised(),
                    check.seen(),
                    switch (check.outcome()) {
                        case HELD -> "held";
                        case BROKEN -> "BROKEN";
                        case NOT_TOLD -> "not told";
                    }));
        }
        return text.toString();
    }
}
