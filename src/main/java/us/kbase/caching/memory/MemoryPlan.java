package us.kbase.caching.memory;

import java.util.List;

/**
 * How the heap is divided. The program itself takes {@link #PROGRAM_BYTES} and a quarter of the rest is left to what dies young; the rest is
 * divided among the kinds, each with a part of its own, and a common part. One per process. Any thread.
 *
 * @param connections of clients: what a connection is, without a request
 * @param heads a request's head while the request lasts: its headers, route and reply
 * @param parameters JSON bodies, with what parsing makes of them
 * @param replies built in memory before they are written: listings, metrics
 * @param uploads requests that upload, beside their heads, from the first look at their entry to their reply
 * @param transfers exchanges with S3 that are open, without their bytes
 * @param waiters requests that wait for a lease
 * @param questions to the auth server
 * @param answers of S3 that are read as a whole: listings, errors
 */
public record MemoryPlan(
        long bytes,
        Budget connections,
        Budget heads,
        Budget parameters,
        Budget replies,
        Budget uploads,
        Budget transfers,
        Budget waiters,
        Budget questions,
        Budget answers) {

    /** Live after the start and a full collection: 8 MiB on disk, 13 on S3; the rest is what Java needs to be at ease. */
    static final long PROGRAM_BYTES = 16L << 20;

    /** Less than this can serve nobody. */
    static final long BYTES_MIN = 4L << 20;

    /** For this process. */
    public static MemoryPlan ofThisProcess() {
        return ofHeap(Runtime.getRuntime().maxMemory());
    }

    /** For a heap of that many bytes. */
    public static MemoryPlan ofHeap(long heapBytes) {
        long bytes = Math.max(BYTES_MIN, (heapBytes - PROGRAM_BYTES) / 8 * 6);
        CommonPart common = new CommonPart(percent(bytes, 40));
        return new MemoryPlan(
                bytes,
                Budget.borrowing("connections", percent(bytes, 18), common, Claim.ALL),
                Budget.borrowing("heads", percent(bytes, 7), common, Claim.ALL_FOR_MOMENTS),
                Budget.borrowing("parameters", percent(bytes, 6), common, Claim.ALL_FOR_MOMENTS),
                Budget.borrowing("replies", percent(bytes, 2), common, Claim.TWICE_THE_REST),
                Budget.borrowing("uploads", percent(bytes, 6), common, Claim.TWICE_THE_REST),
                Budget.borrowing("transfers", percent(bytes, 12), common, Claim.TWICE_THE_REST),
                Budget.borrowing("waiters", percent(bytes, 3), common, Claim.TWICE_THE_REST),
                Budget.borrowing("questions", percent(bytes, 2), common, Claim.TWICE_THE_REST),
                Budget.borrowing("answers", percent(bytes, 4), common, Claim.ALL_FOR_MOMENTS));
    }

    private static long percent(long bytes, int percent) {
        return bytes * percent / 100;
    }

    /** All kinds, for metrics. */
    public List<Budget> kinds() {
        return List.of(connections, heads, parameters, replies, uploads, transfers, waiters, questions, answers);
    }
}
