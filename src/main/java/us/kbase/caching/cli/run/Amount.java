package us.kbase.caching.cli.run;

import java.time.Duration;
import java.util.Locale;

/** Lengths and times as people read them. */
final class Amount {

    private static final double SECOND_NANOS = 1e9;
    private static final int MINUTE = 60;
    private static final int STEP = 1024;
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

    private Amount() {}

    static String ofBytes(long bytes) {
        if (bytes < STEP) {
            return bytes + (bytes == 1 ? " byte" : " bytes");
        }
        double number = bytes;
        int unit = -1;
        while (number >= STEP && unit < UNITS.length - 1) {
            number /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", number, UNITS[unit]);
    }

    /** The time since a reading of {@code System.nanoTime}. */
    static String since(long nanos) {
        return of(Duration.ofNanos(System.nanoTime() - nanos));
    }

    static String of(Duration time) {
        return ofSeconds(time.toNanos() / SECOND_NANOS);
    }

    static String ofSeconds(double seconds) {
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        long minutes = whole / MINUTE;
        return minutes < MINUTE
                ? minutes + " min " + whole % MINUTE + " s"
                : minutes / MINUTE + " h " + minutes % MINUTE + " min";
    }
}
