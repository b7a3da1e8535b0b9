package us.kbase.caching.stress;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import us.kbase.caching.stress.load.Tally;

/**
 * What a run showed.
 *
 * @param server what the server used, if its process id was given
 * @param ramp one entry for each step of the ramp
 */
record Report(Tally tally, double seconds, Optional<Server> server, List<Step> ramp) {

    private static final double MEBIBYTE = 1 << 20;

    /** The server's use of the machine during the run; the peak is that of its whole life. */
    record Server(double cpuSeconds, double peakRssMebibytes) {}

    /** So many connections stood open; the memory is absent without a process id. */
    record Step(int asked, int open, Optional<Double> serverRssMebibytes) {}

    JsonObject json() {
        JsonObject calls = new JsonObject();
        tally.latencyMicros()
                .forEach((call, micros) -> calls.put(
                        call,
                        new JsonObject()
                                .put("count", micros.getTotalCount())
                                .put("per_second", round(micros.getTotalCount() / seconds))
                                .put("p50_ms", millis(micros, 50))
                                .put("p99_ms", millis(micros, 99))
                                .put("p99.9_ms", millis(micros, 99.9))
                                .put("max_ms", millis(micros, 100))));
        JsonObject report = new JsonObject()
                .put("good", tally.allGood())
                .put("seconds", round(seconds))
                .put("jobs", tally.jobsPlanned())
                .put("jobs_good", tally.jobsGood())
                .put("bytes_sent", tally.bytesSent())
                .put("bytes_verified", tally.bytesVerified())
                .put("bytes_to_verify", tally.bytesPlanned())
                .put("mib_per_second", round(mebibytesPerSecond()))
                .put("calls", calls)
                .put("errors", new JsonObject(new java.util.TreeMap<String, Object>(tally.errors())));
        server.ifPresent(used -> report.put(
                "server",
                new JsonObject()
                        .put("cpu_seconds", round(used.cpuSeconds()))
                        .put("peak_rss_mib", round(used.peakRssMebibytes()))));
        if (!ramp.isEmpty()) {
            JsonArray steps = new JsonArray();
            ramp.forEach(step -> {
                JsonObject entry = new JsonObject().put("asked", step.asked()).put("open", step.open());
                step.serverRssMebibytes().ifPresent(rss -> entry.put("server_rss_mib", round(rss)));
                steps.add(entry);
            });
            report.put("ramp", steps);
        }
        return report;
    }

    String table() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%-20s %8s %9s %10s %10s %10s %10s",
                "call",
                "count",
                "calls/s",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms");
        tally.latencyMicros()
                .forEach((call, micros) -> line(
                        text,
                        "%-20s %8d %9.1f %10.1f %10.1f %10.1f %10.1f",
                        call,
                        micros.getTotalCount(),
                        micros.getTotalCount() / seconds,
                        millis(micros, 50),
                        millis(micros, 99),
                        millis(micros, 99.9),
                        millis(micros, 100)));
        line(text, "%njobs good      %d of %d in %.2f s", tally.jobsGood(), tally.jobsPlanned(), seconds);
        line(text, "bytes verified %d of %d", tally.bytesVerified(), tally.bytesPlanned());
        line(text, "throughput     %.1f MiB/s, up and down together", mebibytesPerSecond());
        server.ifPresent(used -> line(
                text,
                "server         %.2f CPU seconds, peak RSS %.0f MiB",
                used.cpuSeconds(),
                used.peakRssMebibytes()));
        ramp.forEach(step -> line(
                text,
                "connections    %d of %d open%s",
                step.open(),
                step.asked(),
                step.serverRssMebibytes()
                        .map(rss -> String.format(", server RSS %.0f MiB", rss))
                        .orElse("")));
        if (tally.errors().isEmpty()) {
            line(text, "errors         none");
        }
        tally.errors().forEach((kind, count) -> line(text, "ERROR          %d x %s", count, kind));
        return text.toString();
    }

    private double mebibytesPerSecond() {
        return (tally.bytesSent() + tally.bytesVerified()) / seconds / MEBIBYTE;
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(format, values)).append(System.lineSeparator());
    }

    private static double millis(Histogram micros, double percentile) {
        return round(micros.getValueAtPercentile(percentile) / 1_000.0);
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
