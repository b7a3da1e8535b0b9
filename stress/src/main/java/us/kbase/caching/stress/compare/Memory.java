package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.List;
import us.kbase.caching.stress.load.Ramp;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.Transfer;
import us.kbase.caching.stress.process.OpenFiles;

/** The most memory that a gateway ever had resident, each figure that of a process which did nothing else. */
final class Memory {

    private Memory() {}

    static void peaks(Bench bench, Results results) {
        Plan plan = bench.plan();
        peak(bench, results, "one " + plan.large(), "≤ 150 MiB", 1, plan.largeBytes());
        peak(
                bench,
                results,
                plan.crowd() + " × " + plan.large() + " at once",
                "≤ 170 MiB",
                plan.crowd(),
                plan.largeBytes());
        peak(
                bench,
                results,
                plan.mediumUploads() + " × " + (plan.mediumBytes() >> 20) + " MiB at once",
                "≤ 230 MiB",
                plan.mediumUploads(),
                plan.mediumBytes());
        peak(bench, results, plan.jobs() + " jobs at once", "≤ 200 MiB", plan.jobs(), Plan.JOB_BYTES);
    }

    private static void peak(Bench bench, Results results, String what, String goal, int count, long bytes) {
        String before = "";
        for (Build build : bench.builds()) {
            try (GatewayServer gateway = bench.coldGateway(build)) {
                Peak peak = peak(bench, gateway, count, bytes);
                if (gateway.name().equals("before")) {
                    before = String.format("; before %.0f MiB", peak.uploaded());
                } else {
                    results.add(
                            "peak RSS, uploads: " + what,
                            goal,
                            String.format("%.0f MiB", peak.uploaded()),
                            "–",
                            String.format(
                                    "%.0f MiB once started; %.0f MiB after the downloads too%s",
                                    peak.started(), peak.downloaded(), before));
                }
            }
            bench.settle();
        }
    }

    /** Memory of a gateway in MiB: once it had started, its peak when all was up, and when all was down again. */
    private record Peak(double started, double uploaded, double downloaded) {}

    private static Peak peak(Bench bench, GatewayServer gateway, int count, long bytes) {
        double started = gateway.use().rssMebibytes();
        Side side = count > 100 ? bench.gatewayMany(gateway) : bench.gatewayStreams(gateway);
        List<Transfer> transfers = side.transfers(count, bytes);
        side.time(transfers, Transfer::reserve);
        side.time(transfers, Transfer::upload);
        double uploaded = gateway.use().peakRssMebibytes();
        side.time(transfers, Transfer::download);
        double downloaded = gateway.use().peakRssMebibytes();
        side.time(transfers, Transfer::delete);
        return new Peak(started, uploaded, downloaded);
    }

    static void idleConnections(Bench bench, Results results) {
        int possible = Math.min(bench.plan().idle(), OpenFiles.connectionsMax());
        try (GatewayServer gateway = bench.coldGateway()) {
            List<String> steps = new ArrayList<>();
            Tally tally = new Tally();
            Ramp ramp = new Ramp(bench.vertx(), gateway.url(), tally);
            bench.small()
                    .run(() -> ramp.climb(
                            possible,
                            asked -> steps.add(String.format(
                                    "%d open: %.0f MiB",
                                    ramp.open(), gateway.use().rssMebibytes()))));
            double peak = gateway.use().peakRssMebibytes();
            bench.small().run(ramp::close);
            if (!tally.errors().isEmpty()) {
                throw new IllegalStateException("idle connections: " + tally.errors());
            }
            results.add(
                    "peak RSS: " + possible + " idle connections",
                    "≤ 350 MiB",
                    String.format("%.0f MiB", peak),
                    "–",
                    String.join("; ", steps) + (possible < bench.plan().idle() ? "; ulimit -n allows no more" : ""));
        }
    }
}
