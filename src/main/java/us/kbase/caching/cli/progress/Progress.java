package us.kbase.caching.cli.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.OptionalInt;

/** Shows on a terminal how far a transfer is; silent where there is no terminal. Used by one thread at a time. */
public final class Progress implements AutoCloseable {

    private static final long REDRAW_NANOS = 100_000_000;
    private static final double SECOND_NANOS = 1e9;
    private static final double WEIGHT_OF_NEWS = 0.1;

    private final PrintStream out;
    private final OptionalInt columns;
    private long total;
    private long bytes;
    private long startNanos;
    private long drawnNanos;
    private long drawnBytes;
    private double bytesPerSecond;
    private int drawnLength;

    private Progress(PrintStream out, OptionalInt columns) {
        this.out = out;
        this.columns = columns;
    }

    /** Shows a transfer on standard error, when that is a terminal. */
    public static Progress onTerminal() {
        return new Progress(System.err, Terminal.columns());
    }

    /** Begins again. {@code total} are the bytes to come; negative when that is not known. */
    public void begin(long total) {
        this.total = total;
        bytes = 0;
        drawnBytes = 0;
        bytesPerSecond = 0;
        startNanos = System.nanoTime();
        draw(startNanos);
    }

    public void add(long count) {
        bytes += count;
        long now = System.nanoTime();
        if (now - drawnNanos >= REDRAW_NANOS) {
            measure(now);
            draw(now);
        }
    }

    /** Shows the whole transfer: its bytes, time and mean rate. */
    public void end() {
        long now = System.nanoTime();
        total = bytes;
        bytesPerSecond = bytes / Math.max(1e-3, (now - startNanos) / SECOND_NANOS);
        draw(now);
    }

    private void measure(long now) {
        double lately = (bytes - drawnBytes) / ((now - drawnNanos) / SECOND_NANOS);
        bytesPerSecond = bytesPerSecond == 0 ? lately : bytesPerSecond + WEIGHT_OF_NEWS * (lately - bytesPerSecond);
        drawnBytes = bytes;
    }

    private void draw(long now) {
        drawnNanos = now;
        if (columns.isEmpty()) {
            return;
        }
        String line = new ProgressLine(bytes, total, bytesPerSecond, Duration.ofNanos(now - startNanos))
                .in(columns.getAsInt());
        out.print("\r" + line + " ".repeat(Math.max(0, drawnLength - line.length())));
        out.flush();
        drawnLength = line.length();
    }

    /** Leaves the line, so that what is said next has one of its own. */
    @Override
    public void close() {
        if (drawnLength > 0) {
            out.println();
            drawnLength = 0;
        }
    }
}
