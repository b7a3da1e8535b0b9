package us.kbase.caching.store.s3;

/** Bytes of memory that all uploads of a process share and can do without: nobody waits for them. Any thread. */
public final class ByteBudget {

    private long free;

    /** A budget of that many bytes. */
    public ByteBudget(long bytes) {
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
    synchronized void release(long bytes) {
        free += bytes;
    }

    /** What is free now. */
    synchronized long freeBytes() {
        return free;
    }
}
