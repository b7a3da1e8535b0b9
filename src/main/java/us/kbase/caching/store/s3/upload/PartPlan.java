package us.kbase.caching.store.s3.upload;

import us.kbase.caching.store.Body;

/**
 * How a body of bounded length is cut. All but the last {@link Body#SLACK_BYTES} are certain to come and are streamed in
 * parts of known length; what remains is held until the end is seen and becomes the last part.
 *
 * @param partBytes the length of all streamed parts but the last
 * @param streamedParts how many parts are streamed
 * @param lastStreamedBytes the length of the last streamed part
 */
public record PartPlan(long partBytes, int streamedParts, long lastStreamedBytes) {

    /** S3 refuses a shorter part that is not the last (docs: "Amazon S3 multipart upload limits"). */
    public static final long PART_BYTES_MIN = 5L << 20;

    private static final int PARTS_MAX = 9_999;

    /** The plan for a body of at most that many bytes, at least {@link #PART_BYTES_MIN} and the slack. */
    public static PartPlan of(long lengthMaxBytes, long partBytesMin) {
        long certain = lengthMaxBytes - Body.SLACK_BYTES;
        long part = Math.max(partBytesMin, (certain + PARTS_MAX - 1) / PARTS_MAX);
        int count = (int) Math.max(1, certain / part);
        return new PartPlan(part, count, certain - (count - 1) * part);
    }

    /** The length of a streamed part, counted from 1. */
    public long lengthBytes(int part) {
        return part == streamedParts ? lastStreamedBytes : partBytes;
    }
}
