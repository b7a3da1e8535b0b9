package us.kbase.caching.stress.compare;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import us.kbase.caching.stress.load.Transfer;
import us.kbase.caching.stress.load.V1Transfer;

/** Large files up and down, one and many at once: straight to MinIO, through nginx, through the gateway. */
final class LargeFiles {

    private LargeFiles() {}

    static void uploads(Bench bench, Results results) {
        Plan plan = bench.plan();
        GatewayServer gateway = bench.warmGateway();
        List<Rounds.Contestant> contestants = new ArrayList<>();
        contestants.add(upload(bench, bench.s3Streams(), 1));
        bench.nginxStreams().ifPresent(side -> contestants.add(upload(bench, side, 1)));
        contestants.add(upload(bench, bench.gatewayStreams(gateway), 1));
        Rounds one = Rounds.interleaved(plan.rounds(), contestants);
        results.ratio("one " + plan.large() + " form upload, direct ÷ gateway", "≥ 0.98", one, "direct", "gateway");
        if (bench.nginxStreams().isPresent()) {
            results.ratio("the same, nginx ÷ gateway", "≥ 1.0", one, "nginx", "gateway");
        }
        cpu(results, "gateway CPU seconds per GiB, form upload", "≤ 1.4", one.of("gateway"), plan.largeBytes());
        Rounds many = Rounds.interleaved(
                plan.rounds(),
                List.of(
                        upload(bench, bench.s3Streams(), plan.crowd()),
                        upload(bench, bench.gatewayStreams(gateway), plan.crowd())));
        results.ratio(
                plan.crowd() + " form uploads of " + plan.large() + " at once, direct ÷ gateway",
                "≥ 0.90",
                many,
                "direct",
                "gateway");
        cpu(
                results,
                "gateway CPU seconds per GiB, " + plan.crowd() + " uploads",
                "≤ 1.4",
                many.of("gateway"),
                plan.crowd() * plan.largeBytes());
    }

    private static Rounds.Contestant upload(Bench bench, Side side, int count) {
        return new Rounds.Contestant(side.name(), () -> {
            List<Transfer> transfers = side.transfers(count, bench.plan().largeBytes());
            side.time(transfers, Transfer::reserve);
            Sample sample = side.time(transfers, Transfer::upload);
            side.time(transfers, Transfer::delete);
            bench.settle();
            return sample;
        });
    }

    /** Both sides read the same objects: they are in memory, or not, for both. */
    static void downloads(Bench bench, Results results) {
        Plan plan = bench.plan();
        GatewayServer gateway = bench.warmGateway();
        Side through = bench.gatewayStreams(gateway);
        Side direct = bench.s3Streams();
        List<Transfer> files = through.transfers(plan.crowd(), plan.largeBytes());
        through.time(files, Transfer::reserve);
        through.time(files, Transfer::upload);
        List<Transfer> objects = IntStream.range(0, files.size())
                .mapToObj(i -> ((V1Transfer) files.get(i)))
                .map(file -> (Transfer) bench.stored(file.cacheId(), file.file()))
                .toList();
        bench.settle();
        for (int count : new int[] {1, plan.crowd()}) {
            Rounds rounds = Rounds.interleaved(
                    plan.rounds(),
                    List.of(
                            step(direct, objects.subList(0, count), Transfer::download),
                            step(through, files.subList(0, count), Transfer::download)));
            String what = count == 1 ? "one " + plan.large() + " download" : count + " downloads at once";
            results.ratio(what + ", direct ÷ gateway", count == 1 ? "≥ 0.75" : "≥ 0.65", rounds, "direct", "gateway");
            cpu(
                    results,
                    "gateway CPU seconds per GiB, " + what,
                    "≤ 0.8",
                    rounds.of("gateway"),
                    count * plan.largeBytes());
        }
        through.time(files, Transfer::delete);
        bench.settle();
    }

    private static Rounds.Contestant step(Side side, List<Transfer> transfers, Function<Transfer, Future<Void>> step) {
        return new Rounds.Contestant(side.name(), () -> side.time(transfers, step));
    }

    private static void cpu(Results results, String what, String goal, List<Sample> samples, long bytes) {
        double gibibytes = bytes / Plan.GIBIBYTE;
        results.add(
                what,
                goal,
                String.format("%.2f", Sample.bestCpu(samples) / gibibytes),
                String.format("%.2f", Sample.medianCpu(samples) / gibibytes),
                "user and system, from /proc");
    }
}
