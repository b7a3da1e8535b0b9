package us.kbase.caching.stress.compare;

/**
 * How much is measured.
 *
 * @param rounds interleaved rounds of each row
 * @param largeBytes length of a large file
 * @param crowd large files at once in the rows for many
 * @param warmBytes sent through the gateway, and fetched, before the first measured byte
 * @param jobs small jobs at once
 * @param warmBatches so many times {@code jobs} before the first measured job
 * @param mediumUploads uploads of {@code mediumBytes} at once
 * @param idle connections in the row for idle ones
 * @param steadyPerSecond small jobs started each second beside the large files
 */
record Plan(
        int rounds,
        long largeBytes,
        int crowd,
        long warmBytes,
        int jobs,
        int warmBatches,
        int mediumUploads,
        long mediumBytes,
        int idle,
        double steadyPerSecond) {

    static final long JOB_BYTES = 1_000;
    static final double GIBIBYTE = 1 << 30;

    /** Large files on disk at once, in S3 and in MinIO's trash, and room to breathe. */
    long diskBytes() {
        return 3 * Math.max(crowd * largeBytes, mediumUploads * mediumBytes) + (4L << 30);
    }

    String large() {
        long mebibytes = largeBytes >> 20;
        return mebibytes % 1024 == 0 ? mebibytes / 1024 + " GiB" : mebibytes + " MiB";
    }
}
