package us.kbase.caching.cli.progress;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How far a transfer is, for a line of a terminal.
 *
 * @param bytes moved
 * @param total bytes in all; negative when that is not known
 * @param bytesPerSecond lately
 * @param elapsed since it began
 */
record ProgressLine(long bytes, long total, double bytesPerSecond, Duration elapsed) {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int STEP = 1024;
    private static final int BAR_MIN = 10;
    private static final int BAR_MAX = 60;
    private static final int FRAME = 4; // two brackets, two blanks
    private static final int FIGURES_MAX = 53; // so neither the bar moves nor the form changes when they become longer
    private static final int PERCENT = 100;
    private static final long SECONDS_MAX = 359_999; // 99:59:59

    /** Fits it into fewer than that many columns, so that no terminal goes on to its next line. */
    String in(int columns) {
        int room = Math.max(0, columns - 1);
        String figures = figures(room).stream()
                .filter(form -> form.length() <= room)
                .findFirst()
                .orElse("");
        int bar = Math.min(BAR_MAX, room - Math.max(FIGURES_MAX, figures.length()) - FRAME);
        return total >= 0 && bar >= BAR_MIN ? "[" + bar(bar) + "]  " + figures : figures;
    }

    /** The longest form first; one that will not fit when its numbers grow is not begun with. */
    private List<String> figures(int room) {
        String rate = size(bytesPerSecond) + "/s";
        if (total < 0) {
            return List.of(size(bytes) + "  " + rate + "  " + clock(elapsed.toSeconds()), size(bytes));
        }
        String percent = String.format(Locale.ROOT, "%3d%%", percent());
        String time = bytes < total ? left() + " left" : clock(elapsed.toSeconds()) + " in all";
        String whole = "%s  %s of %s  %s  %s".formatted(percent, size(bytes), size(total), rate, time);
        String dense = "%s %s %s %s".formatted(percent, size(total), rate, time.substring(0, time.indexOf(' ')));
        return room < FIGURES_MAX ? List.of(dense, percent) : List.of(whole, dense, percent);
    }

    private int percent() {
        return total == 0 ? PERCENT : (int) Math.min(PERCENT, (double) bytes / total * PERCENT);
    }

    private String bar(int width) {
        int full = total == 0 ? width : (int) Math.min(width, (double) bytes / total * width);
        return "#".repeat(full) + ".".repeat(width - full);
    }

    private String left() {
        return bytesPerSecond <= 0 ? "-:--" : clock((long) Math.ceil((total - bytes) / bytesPerSecond));
    }

    private static String clock(long seconds) {
        long shown = Math.min(SECONDS_MAX, Math.max(0, seconds));
        long minutes = shown / 60;
        return minutes < 60
                ? String.format(Locale.ROOT, "%d:%02d", minutes, shown % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", minutes / 60, minutes % 60, shown % 60);
    }

    /** A number of at most five characters and its unit, such as {@code 1.2 GiB}. */
    static String size(double bytes) {
        int unit = 0;
        double number = bytes;
        while (number >= STEP && unit < UNITS.length - 1) {
            number /= STEP;
            unit++;
        }
        String form = unit == 0 || number >= PERCENT ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, form, number, UNITS[unit]);
    }
}
