package us.kbase.caching.store.s3.upload;

/** Bytes of memory that all uploads of a process share and can do without: nobody waits for them. Any thread. */
public final class RetentionBudget {

    private final long bytes;
    private long free;

    /** A budget of that many bytes. */
    public RetentionBudget(long bytes) {
        this.bytes = bytes;
        this.free = bytes;
    }

    /** Takes the bytes if they are there. */
    synchronized boolean tryReserve(long bytes) {
        if (free < bytes) {
            return false;
        }
        free -= bytes;
        return true;
    }

    /** Gives bytes back. */
    public synchronized void release(long bytes) {
        free += bytes;
    }

    /** What there is in all. */
    public long bytes() {
        return bytes;
    }

    /** What is free now. */
    public synchronized long freeBytes() {
        return free;
    }
}
