package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import us.kbase.caching.stress.load.Transfer;

/** What the checksum of each result costs: gateways that differ in it take turns, and one of another build where there is one. */
final class Checksums {

    private static final String USUAL = "crc32c";
    private static final String OTHER = "crc64nvme";

    private Checksums() {}

    static void uploads(Bench bench, Results results) {
        List<GatewayServer> started = new ArrayList<>();
        try {
            List<Rounds.Contestant> contestants = new ArrayList<>();
            for (Build build : bench.builds().subList(0, bench.builds().size() - 1)) {
                started.add(bench.coldGateway(build));
                contestants.add(upload(bench, build.name(), started.getLast()));
            }
            for (String checksum : List.of(USUAL, OTHER)) {
                started.add(bench.coldGateway(Map.of("CACHING_STORE_DIGEST", checksum)));
                contestants.add(upload(bench, checksum, started.getLast()));
            }
            started.forEach(new WarmUp(bench)::of);
            Rounds rounds = Rounds.interleaved(bench.plan().rounds(), contestants);
            String reference = contestants.getFirst().name();
            contestants.forEach(contestant -> tell(bench.plan(), results, rounds, contestant.name(), reference));
        } finally {
            started.forEach(GatewayServer::close);
        }
    }

    private static Rounds.Contestant upload(Bench bench, String name, GatewayServer gateway) {
        Side side = bench.gatewayStreams(gateway);
        return new Rounds.Contestant(name, () -> {
            List<Transfer> one = side.transfers(1, bench.plan().largeBytes());
            side.time(one, Transfer::reserve);
            Sample sample = side.time(one, Transfer::upload);
            side.time(one, Transfer::delete);
            bench.settle();
            return sample;
        });
    }

    private static void tell(Plan plan, Results results, Rounds rounds, String name, String reference) {
        double gibibytes = plan.largeBytes() / Plan.GIBIBYTE;
        double best = Sample.bestCpu(rounds.of(name));
        double median = Sample.medianCpu(rounds.of(name));
        results.add(
                "gateway CPU seconds per GiB, one " + plan.large() + " form upload, " + name,
                name.equals(USUAL) && !reference.equals(USUAL) ? "≤ 1.05 × before" : "–",
                String.format("%.2f", best / gibibytes),
                String.format("%.2f", median / gibibytes),
                String.format(
                        "%.3f / %.3f of %s",
                        best / Sample.bestCpu(rounds.of(reference)),
                        median / Sample.medianCpu(rounds.of(reference)),
                        reference));
    }
}
