package us.kbase.caching.stress.siege;

import java.util.Locale;

/** The size of a heap as the JVM's {@code -Xmx} takes it: {@code 96m}, {@code 1g}, {@code 98304k}, bytes. */
final class Heap {

    private Heap() {}

    static double mebibytes(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        char unit = lower.charAt(lower.length() - 1);
        if (Character.isDigit(unit)) {
            return Long.parseLong(lower) / (double) (1 << 20);
        }
        long count = Long.parseLong(lower.substring(0, lower.length() - 1));
        return switch (unit) {
            case 'k' -> count / 1024.0;
            case 'm' -> count;
            case 'g' -> count * 1024.0;
            default -> throw new NumberFormatException("no size of a heap: " + text);
        };
    }
}
