package us.kbase.caching.stress.siege.wire;

/**
 * What one connection does: it sends a script at a pace, reads at a pace, stays a while, and leaves.
 *
 * @param script what it sends
 * @param sentBytesPerSecond how fast, at most; {@link #FULL} for as fast as it is taken
 * @param readBytesPerSecond how fast it reads replies; 0 never reads
 * @param stayMillis how long it stays after its last byte unless the server closes first
 * @param leaveAfterBytes after so many sent and received bytes it is gone, by a reset
 * @param receiveBytes the socket's receive buffer; 0 leaves it to the system
 */
public record Visit(
        Script script,
        long sentBytesPerSecond,
        long readBytesPerSecond,
        long stayMillis,
        long leaveAfterBytes,
        int receiveBytes) {

    /** As fast as the other side takes it. */
    public static final long FULL = Long.MAX_VALUE;

    private static final long STAY_MILLIS = 60_000;

    /** Sends all at once, reads what comes, and stays for a minute at most. */
    public static Visit of(Script script) {
        return new Visit(script, FULL, FULL, STAY_MILLIS, FULL, 0);
    }

    /** The same, sent at a pace. */
    public Visit sentAt(long bytesPerSecond) {
        return new Visit(script, bytesPerSecond, readBytesPerSecond, stayMillis, leaveAfterBytes, receiveBytes);
    }

    /** The same, read at a pace through a small socket buffer, so that the server feels it. */
    public Visit readAt(long bytesPerSecond, int socketBytes) {
        return new Visit(script, sentBytesPerSecond, bytesPerSecond, stayMillis, leaveAfterBytes, socketBytes);
    }

    /** The same, with another stay after the last byte. */
    public Visit staying(long millis) {
        return new Visit(script, sentBytesPerSecond, readBytesPerSecond, millis, leaveAfterBytes, receiveBytes);
    }

    /** The same, gone by a reset after so many sent and received bytes. */
    public Visit leavingAfter(long bytes) {
        return new Visit(script, sentBytesPerSecond, readBytesPerSecond, stayMillis, bytes, receiveBytes);
    }
}
