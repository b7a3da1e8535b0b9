package us.kbase.caching.memory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Bytes that any kind may borrow beyond its own part. Any thread. */
final class CommonPart {

    private final long limitBytes;
    private final List<Budget> borrowers = new CopyOnWriteArrayList<>();
    private long lentBytes;

    CommonPart(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    void lendsTo(Budget borrower) {
        borrowers.add(borrower);
    }

    /** Somebody gave back: whoever waits, of any kind, may find room now. */
    void serveWaiting() {
        borrowers.forEach(Budget::serveWaiting);
    }

    /** Lends a kind more, if that is within its claim. */
    synchronized boolean tryLend(long bytes, long borrowedBytes, Claim claim) {
        if (borrowedBytes + bytes > claim.mostBytes(borrowedBytes, limitBytes - lentBytes)) {
            return false;
        }
        lentBytes += bytes;
        return true;
    }

    synchronized void takeBack(long bytes) {
        lentBytes -= bytes;
    }

    long limitBytes() {
        return limitBytes;
    }

    /** What a kind may borrow now, beyond what it has borrowed. */
    synchronized long freeBytes(long borrowedBytes, Claim claim) {
        return Math.max(0, claim.mostBytes(borrowedBytes, limitBytes - lentBytes) - borrowedBytes);
    }

    synchronized long lentBytes() {
        return lentBytes;
    }
}
