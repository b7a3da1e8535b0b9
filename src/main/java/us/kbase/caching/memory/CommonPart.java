package us.kbase.caching.memory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that any kind may borrow beyond its own part. Any thread. */
final class CommonPart {

    private final long limitBytes;
    private final AtomicLong lentBytes = new AtomicLong();
    private final List<Budget> borrowers = new CopyOnWriteArrayList<>();

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

    boolean tryLend(long bytes) {
        if (lentBytes.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        lentBytes.addAndGet(-bytes);
        return false;
    }

    void takeBack(long bytes) {
        lentBytes.addAndGet(-bytes);
    }

    long limitBytes() {
        return limitBytes;
    }

    long freeBytes() {
        return Math.max(0, limitBytes - lentBytes.get());
    }

    long lentBytes() {
        return lentBytes.get();
    }
}
