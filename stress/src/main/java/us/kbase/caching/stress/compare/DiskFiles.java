package us.kbase.caching.stress.compare;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import us.kbase.caching.stress.load.Transfer;

/** Small files on the same disk: the embedded store beside nginx, which neither syncs nor compares nor asks who it is. */
final class DiskFiles {

    private DiskFiles() {}

    static void besideNginx(Bench bench, Results results) {
        Optional<Side> nginx = bench.nginxFiles();
        if (nginx.isEmpty()) {
            results.add("small files on disk, nginx ÷ gateway", "–", "–", "–", "nginx is not installed");
            return;
        }
        Plan plan = bench.plan();
        try (GatewayServer gateway = bench.coldDiskGateway(false)) {
            Side embedded = bench.gatewayMany(gateway);
            for (int batch = 0; batch < plan.warmBatches(); batch++) {
                written(nginx.get(), plan);
                written(embedded, plan);
            }
            compare(
                    results,
                    plan,
                    "new ids, fsync off; nginx: PUT",
                    "≥ 1.5",
                    () -> put(nginx.get(), plan),
                    () -> embedded.time(embedded.transfers(plan.jobs(), Plan.JOB_BYTES), Transfer::reserve));
            compare(results, plan, "GETs", "–", () -> get(nginx.get(), plan), () -> get(embedded, plan));
        }
    }

    private static void compare(
            Results results, Plan plan, String what, String goal, Supplier<Sample> nginx, Supplier<Sample> gateway) {
        Rounds rounds = Rounds.interleaved(
                plan.rounds(),
                List.of(new Rounds.Contestant("nginx", nginx), new Rounds.Contestant("gateway", gateway)));
        results.ratio(
                plan.jobs() + " " + what + ", nginx ÷ gateway on the embedded store", goal, rounds, "nginx", "gateway");
    }

    private static Sample put(Side side, Plan plan) {
        return side.time(side.transfers(plan.jobs(), Plan.JOB_BYTES), Transfer::upload);
    }

    private static Sample get(Side side, Plan plan) {
        return side.time(written(side, plan), Transfer::download);
    }

    private static List<Transfer> written(Side side, Plan plan) {
        List<Transfer> transfers = side.transfers(plan.jobs(), Plan.JOB_BYTES);
        side.time(transfers, Transfer::reserve);
        side.time(transfers, Transfer::upload);
        return transfers;
    }
}
