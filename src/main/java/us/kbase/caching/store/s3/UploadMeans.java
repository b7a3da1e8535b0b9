package us.kbase.caching.store.s3;

import java.time.Duration;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.s3.client.ConnectionPools;
import us.kbase.caching.store.s3.multipart.ChecksumSupport;
import us.kbase.caching.store.s3.upload.RetentionBudget;
import us.kbase.caching.store.s3.upload.UploadMemory;

/**
 * What uploads may use.
 *
 * @param partBytes the length of streamed parts, at least 5 MiB
 * @param retention kept of unanswered parts
 * @param collecting for bodies that must be collected
 * @param transfers pays for exchanges with S3, without their bytes
 * @param answers pays for listings
 * @param load shows how full the connections to S3 are
 * @param uploadGrace after which an open upload counts as abandoned
 * @param checksums what is asked of the server to keep with each object
 */
public record UploadMeans(
        long partBytes,
        RetentionBudget retention,
        UploadMemory collecting,
        Budget transfers,
        Budget answers,
        ConnectionPools.Load load,
        Duration uploadGrace,
        ChecksumSupport checksums) {

    /** The same with the usual checksum. */
    public UploadMeans(
            long partBytes,
            RetentionBudget retention,
            UploadMemory collecting,
            Budget transfers,
            Budget answers,
            ConnectionPools.Load load,
            Duration uploadGrace) {
        this(
                partBytes,
                retention,
                collecting,
                transfers,
                answers,
                load,
                uploadGrace,
                new ChecksumSupport(DigestAlgorithm.CRC32C));
    }
}
