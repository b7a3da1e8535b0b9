package us.kbase.caching.stress.compare;

import io.vertx.core.Future;
import java.util.List;
import org.HdrHistogram.Histogram;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.Transfer;

/** Small calls while large files stream, each timed from the moment when it was to begin. */
final class Fairness {

    private Fairness() {}

    static void smallBesideLarge(Bench bench, Results results) {
        Plan plan = bench.plan();
        GatewayServer gateway = bench.warmGateway();
        Histogram through = measure(bench, bench.gatewayStreams(gateway), bench.gatewayMany(gateway));
        Histogram direct = measure(bench, bench.s3Streams(), bench.s3Jobs());
        results.add(
                "p99 of small calls while " + plan.crowd() + " × " + plan.large()
                        + " are uploaded, gateway ÷ straight to MinIO",
                "≤ 0.10",
                String.format("%.2f", through.getValueAtPercentile(99) / (double) direct.getValueAtPercentile(99)),
                "–",
                "gateway: " + quantiles(through) + "; straight to MinIO: " + quantiles(direct));
    }

    private static String quantiles(Histogram calls) {
        return String.format(
                "%d calls, p50 %s, p99 %s, p99.9 %s",
                calls.getTotalCount(), millis(calls, 50), millis(calls, 99), millis(calls, 99.9));
    }

    private static Histogram measure(Bench bench, Side streams, Side small) {
        Plan plan = bench.plan();
        List<Transfer> transfers = streams.transfers(plan.crowd(), plan.largeBytes());
        streams.time(transfers, Transfer::reserve);
        Tally tally = new Tally();
        Future<Void> streaming = streams.start(transfers, Transfer::upload);
        Loop.await(small.loop()
                .start(() -> small.jobs(Plan.JOB_BYTES, tally)
                        .steadily(bench.vertx(), plan.steadyPerSecond(), streaming::isComplete)));
        Loop.await(streaming);
        streams.time(transfers, Transfer::delete);
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
