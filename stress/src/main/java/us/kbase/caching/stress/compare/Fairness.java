package us.kbase.caching.stress.compare;

import io.vertx.core.Future;
import java.util.List;
import org.HdrHistogram.Histogram;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.Transfer;

/** Small calls while others' files are uploaded, each timed from the moment when it was to begin. */
final class Fairness {

    private Fairness() {}

    static void smallBesideLarge(Bench bench, Results results) {
        Plan plan = bench.plan();
        GatewayServer gateway = bench.warmGateway();
        Uploads large = new Uploads(plan.crowd(), plan.largeBytes());
        Histogram through = measure(bench, large, bench.gatewayStreams(gateway), bench.gatewayMany(gateway));
        Histogram direct = measure(bench, large, bench.s3Streams(), bench.s3Jobs());
        add(
                results,
                "small calls while " + plan.crowd() + " × " + plan.large() + " are uploaded",
                "≤ 0.10",
                through,
                direct);
    }

    /** The crowd is one user's, the small calls another's; MinIO knows of no users. */
    static void smallBesideCrowd(Bench bench, Results results) {
        Plan plan = bench.plan();
        GatewayServer gateway = bench.warmGateway();
        for (long bytes : new long[] {64 << 10, plan.mediumBytes()}) {
            Uploads crowd = new Uploads(plan.mediumUploads(), bytes);
            Histogram through = measure(bench, crowd, bench.gatewayMany(gateway), bench.gatewayOfAnotherUser(gateway));
            Histogram direct = measure(bench, crowd, bench.s3Many(), bench.s3JobsBeside());
            String what = crowd.count() + " × " + (bytes >> 10) + " KiB of another user are uploaded at once";
            add(results, "small calls while " + what, "–", through, direct);
        }
    }

    private static void add(Results results, String what, String goal, Histogram through, Histogram direct) {
        results.add(
                "p99 of " + what + ", gateway ÷ straight to MinIO",
                goal,
                String.format("%.2f", through.getValueAtPercentile(99) / (double) direct.getValueAtPercentile(99)),
                "–",
                "gateway: " + quantiles(through) + "; straight to MinIO: " + quantiles(direct));
    }

    /** Uploads that all begin at once. */
    private record Uploads(int count, long bytes) {}

    private static String quantiles(Histogram calls) {
        return String.format(
                "%d calls, p50 %s, p99 %s, p99.9 %s",
                calls.getTotalCount(), millis(calls, 50), millis(calls, 99), millis(calls, 99.9));
    }

    private static Histogram measure(Bench bench, Uploads uploads, Side side, Side small) {
        Plan plan = bench.plan();
        List<Transfer> transfers = side.transfers(uploads.count(), uploads.bytes());
        side.time(transfers, Transfer::reserve);
        Tally tally = new Tally();
        Future<Void> streaming = side.start(transfers, Transfer::upload);
        Loop.await(small.loop()
                .start(() -> small.jobs(Plan.JOB_BYTES, tally)
                        .steadily(bench.vertx(), plan.steadyPerSecond(), streaming::isComplete)));
        Loop.await(streaming);
        side.time(transfers, Transfer::delete);
        bench.settle();
        if (!tally.allGood()) {
            throw new IllegalStateException(small.name() + ": small jobs failed: " + tally.errors());
        }
        Histogram all = new Histogram(3);
        tally.latencyMicros().values().forEach(all::add);
        System.err.printf("    %-28s p99 %s%n", small.name(), millis(all, 99));
        return all;
    }

    private static String millis(Histogram micros, double percentile) {
        return String.format("%.1f ms", micros.getValueAtPercentile(percentile) / 1_000.0);
    }
}
