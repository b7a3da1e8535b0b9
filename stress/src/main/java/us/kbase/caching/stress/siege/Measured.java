package us.kbase.caching.stress.siege;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a siege measured; what could not be is empty.
 *
 * @param lived whether the gateway's process ran at the end
 * @param calmMillis the calm users' latencies before the siege, by how late the store was
 * @param siegeMillis the same under siege
 * @param heapMebibytes the gateway's heap
 * @param openFilesStart descriptors after the warm-up, connections to S3 not counted
 * @param uploadsUntold multipart uploads whose opening S3 answered when the gateway had given up: only a sweep can find them
 * @param multipartUploads uploads that S3 holds open at the end
 * @param gauges the gateway's own gauges of what it holds, at the end
 */
record Measured(
        boolean lived,
        long goodJobs,
        long failedJobs,
        long excusedJobs,
        long wrongBytes,
        Map<Long, CalmRecord.Latency> calmMillis,
        Map<Long, CalmRecord.Latency> siegeMillis,
        double heapMebibytes,
        double peakRssMebibytes,
        OptionalDouble rssWarmMebibytes,
        OptionalDouble rssEndMebibytes,
        OptionalLong openFilesStart,
        OptionalLong openFilesEnd,
        long uploadsUntold,
        OptionalLong multipartUploads,
        Optional<Map<String, Double>> gauges) {}
