package us.kbase.caching.stress;

import us.kbase.caching.stress.load.Tally;

/** A line on the terminal that shows how far the run is. Nothing where there is no terminal. */
final class Progress implements AutoCloseable {

    private static final boolean TERMINAL = Boolean.getBoolean("stress.terminal");
    private static final int BAR_WIDTH = 30;
    private static final long MILLIS = 250;

    private final Tally tally;
    private final long begin = System.nanoTime();
    private final Thread thread;

    private Progress(Tally tally) {
        this.tally = tally;
        this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::run);
    }

    /** Shows a tally until closed. */
    static Progress of(Tally tally) {
        Progress progress = new Progress(tally);
        if (TERMINAL) {
            progress.thread.start();
        }
        return progress;
    }

    private void run() {
        try {
            while (true) {
                System.err.print(line());
                Thread.sleep(MILLIS);
            }
        } catch (InterruptedException closed) {
            System.err.println(line());
        }
    }

    private String line() {
        long planned = Math.max(1, tally.jobsPlanned());
        long bytes = Math.max(1, 2 * tally.bytesPlanned());
        long moved = tally.bytesSent() + tally.bytesVerified();
        // Half by jobs, half by bytes: many small jobs and a few large files both move the bar.
        double share = Math.min(1, (tally.jobsEnded() / (double) planned + moved / (double) bytes) / 2);
        int full = (int) (share * BAR_WIDTH);
        double seconds = (System.nanoTime() - begin) / 1e9;
        return String.format(
                "\r[%s%s] %3.0f %%  %d/%d jobs  %6.0f MiB/s  %d kinds of error  %4.0f s ",
                "#".repeat(full),
                "-".repeat(BAR_WIDTH - full),
                100 * share,
                tally.jobsEnded(),
                planned,
                moved / seconds / (1 << 20),
                tally.errors().size(),
                seconds);
    }

    @Override
    public void close() {
        if (!TERMINAL) {
            return;
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
