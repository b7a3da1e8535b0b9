package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.List;
import us.kbase.caching.stress.load.Transfer;
import us.kbase.caching.stress.process.Child;

/** A thousand files at once, small and not so small. */
final class ManyFiles {

    private static final int CALLS_PER_JOB = 4;
    private static final int COLD_STARTS_MAX = 3;
    private static final int BATCHES_UNTIL_WARM = 10;

    private ManyFiles() {}

    static void jobs(Bench bench, Results results) {
        Plan plan = bench.plan();
        List<Rounds.Contestant> contestants = new ArrayList<>();
        contestants.add(jobs(bench, bench.s3Jobs()));
        bench.warmGateways().forEach(gateway -> contestants.add(jobs(bench, bench.gatewayMany(gateway))));
        Rounds rounds = Rounds.interleaved(plan.rounds(), contestants);
        results.gateway(plan.jobs() + " jobs at once × 4 calls, warm, seven S3 calls", "direct", "≥ 1.1", rounds);
        results.add(
                "CPU of the gateway per call of these jobs",
                "–",
                String.format("%.0f µs", 1e6 * Sample.bestCpu(rounds.of("gateway")) / (plan.jobs() * CALLS_PER_JOB)),
                String.format("%.0f µs", 1e6 * Sample.medianCpu(rounds.of("gateway")) / (plan.jobs() * CALLS_PER_JOB)),
                "five S3 calls for four calls of a job; straight to S3 it makes seven");
    }

    private static Rounds.Contestant jobs(Bench bench, Side side) {
        return new Rounds.Contestant(side.name(), () -> {
            Sample sample = side.jobs(bench.plan().jobs(), Plan.JOB_BYTES);
            bench.settle();
            return sample;
        });
    }

    static void embeddedJobs(Bench bench, Results results) {
        for (boolean fsync : new boolean[] {false, true}) {
            Plan plan = bench.plan();
            try (GatewayServer gateway = bench.coldDiskGateway(fsync)) {
                Side side = bench.gatewayMany(gateway);
                for (int batch = 0; batch < plan.warmBatches(); batch++) {
                    side.jobs(plan.jobs(), Plan.JOB_BYTES);
                }
                Rounds rounds = Rounds.interleaved(plan.rounds(), List.of(jobs(bench, side)));
                double calls = plan.jobs() * CALLS_PER_JOB;
                results.add(
                        plan.jobs() + " jobs × 4 calls on the embedded store, fsync " + (fsync ? "on" : "off"),
                        fsync ? "≥ 5000 calls/s" : "≥ 8000 calls/s",
                        String.format("%.0f calls/s", calls / Sample.best(rounds.of("gateway"))),
                        String.format("%.0f calls/s", calls / Sample.median(rounds.of("gateway"))),
                        rounds.seconds());
            }
        }
    }

    static void coldStart(Bench bench, Results results) {
        Plan plan = bench.plan();
        bench.s3Jobs().jobs(plan.jobs(), Plan.JOB_BYTES); // the client and MinIO are to be warm
        List<Double> ratios = new ArrayList<>();
        String detail = "";
        for (int start = 0; start < Math.min(COLD_STARTS_MAX, plan.rounds()); start++) {
            try (GatewayServer gateway = bench.coldGateway()) {
                Side side = bench.gatewayMany(gateway);
                double first = side.jobs(plan.jobs(), Plan.JOB_BYTES).seconds();
                List<Sample> later = new ArrayList<>();
                for (int batch = 0; batch < BATCHES_UNTIL_WARM; batch++) {
                    later.add(side.jobs(plan.jobs(), Plan.JOB_BYTES));
                }
                double warm = Sample.median(later.subList(BATCHES_UNTIL_WARM / 2, BATCHES_UNTIL_WARM));
                ratios.add(warm / first);
                detail = String.format("first %.2f s, warm %.2f s", first, warm);
                System.err.println("    " + detail);
            }
            bench.settle();
        }
        results.add(
                "first " + plan.jobs() + " jobs after a cold start, warm ÷ first",
                "≥ 0.6",
                String.format("%.2f", ratios.stream().mapToDouble(r -> r).max().orElseThrow()),
                String.format("%.2f", Sample.median(ratios, ratios.size())),
                detail);
    }

    static void mediumUploads(Bench bench, Results results) {
        Plan plan = bench.plan();
        List<Rounds.Contestant> contestants = new ArrayList<>();
        contestants.add(medium(bench, bench.s3Many()));
        bench.warmGateways().forEach(gateway -> contestants.add(medium(bench, bench.gatewayMany(gateway))));
        Rounds rounds = Rounds.interleaved(plan.rounds(), contestants);
        String what = plan.mediumUploads() + " uploads of " + (plan.mediumBytes() >> 20) + " MiB at once, 0 failed";
        results.gateway(what, "direct", "≥ 0.80", rounds);
    }

    private static Rounds.Contestant medium(Bench bench, Side side) {
        return new Rounds.Contestant(side.name(), () -> {
            List<Transfer> transfers =
                    side.transfers(bench.plan().mediumUploads(), bench.plan().mediumBytes());
            side.time(transfers, Transfer::reserve);
            Sample sample = side.time(transfers, Transfer::upload);
            side.time(transfers, Transfer::delete);
            bench.settle();
            Child.pause(200);
            return sample;
        });
    }
}
