package us.kbase.caching.metrics;

import java.util.List;
import java.util.function.DoubleSupplier;
import us.kbase.caching.memory.Budget;

/**
 * A number that is read at each scrape and costs nothing in between.
 *
 * @param name in words with dots, without unit and without {@code total}: {@code caching.memory.used}
 * @param unit as Prometheus appends it, empty for a plain number: {@code bytes}
 * @param kind the label {@code kind}, out of a closed set of the program's; empty for none
 * @param growth whether it may fall
 * @param value read on any thread; never blocks
 */
public record Gauge(String name, String unit, String kind, Growth growth, DoubleSupplier value) {

    /** What a number does over time. */
    public enum Growth {
        /** Up and down: a level. */
        EITHER_WAY,
        /** Up only, from the start of the process; shown with {@code _total}. */
        ONLY_UP
    }

    /** A level in plain numbers. */
    public static Gauge level(String name, String kind, DoubleSupplier value) {
        return new Gauge(name, "", kind, Growth.EITHER_WAY, value);
    }

    /** A level in bytes. */
    public static Gauge bytes(String name, String kind, DoubleSupplier value) {
        return new Gauge(name, "bytes", kind, Growth.EITHER_WAY, value);
    }

    /** What happened since the start. */
    public static Gauge count(String name, String kind, DoubleSupplier value) {
        return new Gauge(name, "", kind, Growth.ONLY_UP, value);
    }

    /** What a budget of the heap shows. */
    public static List<Gauge> of(Budget budget) {
        String kind = budget.kind();
        return List.of(
                bytes("caching.memory.used", kind, budget::usedBytes),
                bytes("caching.memory.limit", kind, budget::limitBytes),
                level("caching.memory.waiting", kind, budget::waiting),
                count("caching.memory.refused", kind, budget::refused));
    }
}
