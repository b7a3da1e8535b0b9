package us.kbase.caching.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bar on a terminal that tells how far a transfer is; silent where there is no terminal. Used by one thread at a time. */
final class Progress {

    private static final int BAR_CHARACTERS = 30;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final double MEBIBYTE = 1 << 20;

    private final PrintStream out;
    private final boolean visible;
    private long bytesInAll;
    private long bytes;
    private long startNanos;
    private long drawnNanos;

    private Progress(PrintStream out, boolean visible) {
        this.out = out;
        this.visible = visible;
    }

    /** On standard error, when that is a terminal. */
    static Progress onTerminal() {
        return new Progress(System.err, System.console() != null);
    }

    /** @param total bytes to come; negative when that is not known */
    void begin(long total) {
        bytesInAll = total;
        bytes = 0;
        startNanos = System.nanoTime();
        draw();
    }

    void add(long count) {
        bytes += count;
        if (System.nanoTime() - drawnNanos >= REDRAW_NANOS) {
            draw();
        }
    }

    void end() {
        draw();
        if (visible) {
            out.println();
        }
    }

    /** The file's bytes, counted while they are read. */
    InputStream reading(Path file) {
        try {
            return new FilterInputStream(Files.newInputStream(file)) {
                @Override
                public int read() throws IOException {
                    int one = super.read();
                    add(one < 0 ? 0 : 1);
                    return one;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int read = super.read(into, offset, length);
                    add(Math.max(read, 0));
                    return read;
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void draw() {
        if (!visible) {
            return;
        }
        drawnNanos = System.nanoTime();
        double seconds = Math.max(1e-3, (drawnNanos - startNanos) / 1e9);
        out.printf("\r%s %8.1f MiB  %7.1f MiB/s ", bar(), bytes / MEBIBYTE, bytes / MEBIBYTE / seconds);
        out.flush();
    }

    private String bar() {
        if (bytesInAll < 0) {
            return "[" + "?".repeat(BAR_CHARACTERS) + "]";
        }
        int full =
                bytesInAll == 0 ? BAR_CHARACTERS : (int) Math.min(BAR_CHARACTERS, BAR_CHARACTERS * bytes / bytesInAll);
        return "[" + "#".repeat(full) + ".".repeat(BAR_CHARACTERS - full) + "]";
    }
}
