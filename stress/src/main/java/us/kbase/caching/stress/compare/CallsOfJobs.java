package us.kbase.caching.stress.compare;

/** How many S3 calls a job takes, as the server counts them. */
final class CallsOfJobs {

    private CallsOfJobs() {}

    static void counted(Bench bench, Results results) {
        double direct = callsEach(bench, bench.s3Jobs());
        double gateway = callsEach(bench, bench.gatewayMany(bench.warmGateway()));
        results.add(
                "S3 calls per job (id, upload, download, delete), counted by MinIO",
                "5",
                String.format("%.2f", gateway),
                "–",
                String.format("straight to MinIO: %.2f", direct));
    }

    private static double callsEach(Bench bench, Side side) {
        int jobs = bench.plan().jobs();
        long before = bench.minio().callsAnswered();
        side.jobs(jobs, Plan.JOB_BYTES);
        return (bench.minio().callsAnswered() - before) / (double) jobs;
    }
}
