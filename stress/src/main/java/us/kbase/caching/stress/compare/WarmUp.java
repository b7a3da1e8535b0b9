package us.kbase.caching.stress.compare;

import java.util.List;
import us.kbase.caching.stress.load.Transfer;

/** What a process serves before it is measured: a cold one spends more than twice the CPU on its first GiB. */
final class WarmUp {

    private final Bench bench;

    WarmUp(Bench bench) {
        this.bench = bench;
    }

    void of(GatewayServer gateway) {
        Plan plan = bench.plan();
        System.err.println("  warm-up: " + (plan.warmBytes() >> 20) + " MiB up and down, " + plan.warmBatches() + " x "
                + plan.jobs() + " jobs");
        Side side = bench.gatewayStreams(gateway);
        Side direct = bench.s3Streams();
        for (long moved = 0; moved < plan.warmBytes(); moved += plan.largeBytes()) {
            upAndDown(direct);
            upAndDown(side);
        }
        for (int batch = 0; batch < plan.warmBatches(); batch++) {
            bench.s3Jobs().jobs(plan.jobs(), Plan.JOB_BYTES);
            bench.gatewayMany(gateway).jobs(plan.jobs(), Plan.JOB_BYTES);
        }
        bench.settle();
    }

    private void upAndDown(Side side) {
        List<Transfer> one = side.transfers(1, bench.plan().largeBytes());
        side.time(one, Transfer::reserve);
        side.time(one, Transfer::upload);
        side.time(one, Transfer::download);
        side.time(one, Transfer::delete);
        bench.minio().settle();
    }
}
