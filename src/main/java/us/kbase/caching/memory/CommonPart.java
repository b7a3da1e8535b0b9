package us.kbase.caching.memory;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that any kind may borrow beyond its own part. Any thread. */
final class CommonPart {

    private final long limitBytes;
    private final AtomicLong lentBytes = new AtomicLong();

    CommonPart(long limitBytes) {
        this.limitBytes = limitBytes;
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
