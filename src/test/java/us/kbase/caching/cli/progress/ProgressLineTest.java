package us.kbase.caching.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

    private static final long GIBIBYTE = 1L << 30;

    private static ProgressLine half() {
        return new ProgressLine(GIBIBYTE, 2 * GIBIBYTE, 100 << 20, Duration.ofSeconds(10));
    }

    @Test
    void aWideTerminalShowsBarPercentBytesRateAndTimeLeft() {
        assertEquals(
                "[" + "#".repeat(30) + ".".repeat(30) + "]   50%  1.0 GiB of 2.0 GiB  100 MiB/s  0:11 left",
                half().in(200));
        assertEquals(
                "[" + "#".repeat(11) + ".".repeat(11) + "]   50%  1.0 GiB of 2.0 GiB  100 MiB/s  0:11 left",
                half().in(80));
    }

    @Test
    void aNarrowOneShowsTheFiguresAlone() {
        assertEquals(" 50% 2.0 GiB 100 MiB/s 0:11", half().in(40));
        assertEquals(" 50%", half().in(10));
        assertEquals("", half().in(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10, 20, 39, 40, 41, 79, 80, 81, 132, 200, 1000})
    void itIsShorterThanTheTerminalIsWide(int columns) {
        IntStream.range(0, 60).forEach(bits -> {
            long total = 1L << bits;
            for (long bytes : new long[] {0, total / 3, total}) {
                for (double rate : new double[] {0, 1, 1e4, 3e9, 1e18}) {
                    String line = new ProgressLine(bytes, total, rate, Duration.ofDays(400)).in(columns);
                    assertTrue(line.length() < columns, line);
                    String unknown = new ProgressLine(bytes, -1, rate, Duration.ofDays(400)).in(columns);
                    assertTrue(unknown.length() < columns, unknown);
                }
            }
        });
    }

    @Test
    void fortyColumnsHaveRoomForPercentTotalRateAndTime() {
        String line = new ProgressLine(999L << 30, 1023L << 30, 1, Duration.ofDays(400)).in(40);
        assertEquals(" 97% 1023 GiB 1 B/s 99:59:59", line);
    }

    @Test
    void beforeTheFirstBytesNobodyKnowsTheTimeLeft() {
        assertEquals(
                "  0%  0 B of 2.0 GiB  0 B/s  -:-- left", new ProgressLine(0, 2 * GIBIBYTE, 0, Duration.ZERO).in(60));
    }

    @Test
    void aNarrowLineBeginsInTheFormThatItKeeps() {
        assertEquals("  0% 2.0 GiB 0 B/s -:--", new ProgressLine(0, 2 * GIBIBYTE, 0, Duration.ZERO).in(40));
    }

    @Test
    void anEmptyFileIsWhole() {
        assertTrue(new ProgressLine(0, 0, 0, Duration.ZERO).in(80).contains("100%  0 B of 0 B"));
    }

    @Test
    void withoutATotalItCounts() {
        assertEquals(
                "1.0 GiB  100 MiB/s  1:00:10",
                new ProgressLine(GIBIBYTE, -1, 100 << 20, Duration.ofSeconds(3610)).in(80));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "104857600, 100 MiB",
        "1073741823, 1024 MiB",
        "1125899906842624, 1.0 PiB"
    })
    void lengthsAreShort(long bytes, String shown) {
        assertEquals(shown, ProgressLine.size(bytes));
    }

    @ParameterizedTest
    @CsvSource({"24 80, 80", "24 40, 40", "0 0, 80", "50 200, 200"})
    void aTerminalTellsItsWidth(String size, int columns) {
        assertEquals(columns, Terminal.columns(size + "\n").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "24 many", "24 80 1"})
    void whatIsNoSizeIsNoTerminal(String size) {
        assertTrue(Terminal.columns(size).isEmpty());
    }
}
