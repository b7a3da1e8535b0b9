package us.kbase.caching.cli.client;

import java.time.Duration;

/**
 * Ends a transfer that stands still. A thread of its own counts the time in slices that it sleeps: so a process that was stopped for
 * an hour and continued finds that one slice has passed. Any thread.
 */
final class StallWatch implements AutoCloseable {

    private static final int SLICES = 10;

    private final Duration silenceMax;
    private final Runnable end;
    private final Thread thread;
    private volatile boolean owed = true;
    private volatile boolean ended;
    private volatile long moves;

    /** Begins to count; {@code end} is called once, when nothing was owed or moved for that long. */
    StallWatch(Duration silenceMax, Runnable end) {
        this.silenceMax = silenceMax;
        this.end = end;
        this.thread = Thread.ofPlatform().daemon().name("stall-watch").start(this::run);
    }

    /** Says that the other side has to move now. */
    void owed() {
        moved();
        owed = true;
    }

    /** Says that this side is busy, however long it takes. */
    void busy() {
        owed = false;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread moves, and a lost count would still be another one
    private void moved() {
        moves++;
    }

    /** Tells whether the transfer was ended for standing still. */
    boolean hasEnded() {
        return ended;
    }

    private void run() {
        long sliceMillis = Math.max(1, silenceMax.toMillis() / SLICES);
        long seen = moves;
        try {
            for (int still = 0; still < SLICES; still++) {
                Thread.sleep(sliceMillis);
                if (!owed || moves != seen) {
                    seen = moves;
                    still = -1;
                }
            }
        } catch (InterruptedException closed) {
            return;
        }
        ended = true;
        end.run();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
