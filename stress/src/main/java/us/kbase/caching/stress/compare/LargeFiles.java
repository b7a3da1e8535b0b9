package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.stress.load.Transfer;
import us.kbase.caching.stress.load.V1Transfer;

/** Large files up and down, one and many at once: straight to MinIO, through nginx, through the gateway. */
final class LargeFiles {

    private LargeFiles() {}

    static void uploads(Bench bench, Results results) {
        Plan plan = bench.plan();
        List<Side> gateways =
                bench.warmGateways().stream().map(bench::gatewayStreams).toList();
        List<Rounds.Contestant> contestants = new ArrayList<>();
        contestants.add(upload(bench, bench.s3Streams(), 1));
        bench.nginxStreams().ifPresent(side -> contestants.add(upload(bench, side, 1)));
        gateways.forEach(side -> contestants.add(upload(bench, side, 1)));
        Rounds one = Rounds.interleaved(plan.rounds(), contestants);
        results.gateway("one " + plan.large() + " form upload", "direct", "≥ 0.98", one);
        if (one.has("nginx")) {
            results.ratio("the same, nginx ÷ gateway", "≥ 1.0", one, "nginx", "gateway");
        }
        results.cpuPerGibibyte("form upload", "≤ 1.4", one, plan.largeBytes());
        List<Rounds.Contestant> crowds = new ArrayList<>();
        crowds.add(upload(bench, bench.s3Streams(), plan.crowd()));
        gateways.forEach(side -> crowds.add(upload(bench, side, plan.crowd())));
        Rounds many = Rounds.interleaved(plan.rounds(), crowds);
        String what = plan.crowd() + " form uploads of " + plan.large() + " at once";
        results.gateway(what, "direct", "≥ 0.85", many);
        results.cpuPerGibibyte(plan.crowd() + " uploads", "≤ 1.4", many, plan.crowd() * plan.largeBytes());
    }

    static void besideTusd(Bench bench, Results results) {
        Optional<Side> tusd = bench.tusdStreams();
        if (tusd.isEmpty()) {
            results.add("uploads, tusd ÷ gateway", "–", "–", "–", "tusd is not installed");
            return;
        }
        Plan plan = bench.plan();
        Side gateway = bench.gatewayStreams(bench.warmGateway());
        for (int count : new int[] {1, plan.crowd()}) {
            Rounds rounds = Rounds.interleaved(
                    plan.rounds(), List.of(upload(bench, tusd.get(), count), upload(bench, gateway, count)));
            results.gateway(count + " × " + plan.large() + " uploaded at once", "tusd", "≥ 1", rounds);
        }
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

    /** All sides read the same objects: they are in memory, or not, for each of them. */
    static void downloads(Bench bench, Results results) {
        Plan plan = bench.plan();
        List<Side> gateways =
                bench.warmGateways().stream().map(bench::gatewayStreams).toList();
        Side through = gateways.getLast();
        List<V1Transfer> files = through.transfers(plan.crowd(), plan.largeBytes()).stream()
                .map(V1Transfer.class::cast)
                .toList();
        through.time(files, Transfer::reserve);
        through.time(files, Transfer::upload);
        List<Transfer> objects = files.stream()
                .map(file -> (Transfer) bench.stored(file.cacheId(), file.file()))
                .toList();
        bench.settle();
        for (int count : new int[] {1, plan.crowd()}) {
            List<Rounds.Contestant> contestants = new ArrayList<>();
            contestants.add(downloads(bench.s3Streams(), objects.subList(0, count)));
            gateways.forEach(side -> contestants.add(downloads(side, by(side, files.subList(0, count)))));
            Rounds rounds = Rounds.interleaved(plan.rounds(), contestants);
            String what = count == 1 ? "one " + plan.large() + " download" : count + " downloads at once";
            results.gateway(what, "direct", "≥ 0.80", rounds);
            results.cpuPerGibibyte(what, "≤ 0.8", rounds, count * plan.largeBytes());
        }
        through.time(files, Transfer::delete);
        bench.settle();
    }

    private static List<V1Transfer> by(Side side, List<V1Transfer> files) {
        return files.stream().map(file -> file.by(side.http())).toList();
    }

    private static Rounds.Contestant downloads(Side side, List<? extends Transfer> transfers) {
        return new Rounds.Contestant(side.name(), () -> side.time(transfers, Transfer::download));
    }
}
