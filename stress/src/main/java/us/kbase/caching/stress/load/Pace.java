package us.kbase.caching.stress.load;

/**
 * How fast a client sends and reads.
 *
 * @param bytesPerSecond the pace, or 0 for as fast as it goes
 */
public record Pace(long bytesPerSecond) {

    /** As fast as it goes. */
    public static final Pace FULL = new Pace(0);

    private static final int SLICES_PER_SECOND = 10;

    boolean isFull() {
        return bytesPerSecond == 0;
    }

    int sliceBytes() {
        return Math.clamp(bytesPerSecond / SLICES_PER_SECOND, 1, Content.SLICE_BYTES_MAX);
    }

    long millisPerSlice() {
        return Math.max(1, 1000L * sliceBytes() / bytesPerSecond);
    }

    long millisFor(int bytes) {
        return Math.max(1, 1000L * bytes / bytesPerSecond);
    }
}
