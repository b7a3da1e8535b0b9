package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No number twice, and none smaller than one before: not after a restart, and not when the clock steps back. */
class FencingMarkTest {

    private static final long NOW = 1_764_400_000_000_000L;

    @TempDir
    Path folder;

    private Path file;
    private FencingMark mark;

    @BeforeEach
    void open() {
        file = folder.resolve("fencing");
        mark = new FencingMark(file);
    }

    @Test
    void givesTheTimeWhileItGrows() throws IOException {
        assertEquals(NOW, mark.next(NOW));
        assertEquals(NOW + 5, mark.next(NOW + 5));
    }

    @Test
    void growsWhenTheClockStepsBack() throws IOException {
        mark.next(NOW);
        assertEquals(NOW + 1, mark.next(NOW - 3_600_000_000L));
        assertEquals(NOW + 2, mark.next(NOW));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void growsAcrossKillsAndClocksThatJump(long seed) throws IOException {
        Random random = new Random(seed);
        long last = 0;
        for (int i = 0; i < 300; i++) {
            if (random.nextInt(10) == 0) {
                mark = new FencingMark(file);
            }
            long next = mark.next(NOW + random.nextLong(-7_200_000_000L, 7_200_000_000L));
            assertTrue(next > last, next + " after " + last);
            last = next;
        }
    }

    /** An fsync for each lease would be most of its cost. */
    @Test
    void writesOnceInManyNumbers() throws IOException {
        assertEquals(OptionalLong.empty(), mark.nextReserved(NOW));
        mark.next(NOW);
        Files.delete(file);
        for (int i = 1; i < 1000; i++) {
            assertEquals(OptionalLong.of(NOW + i), mark.nextReserved(NOW));
        }
        assertEquals(OptionalLong.empty(), mark.nextReserved(NOW + FencingMark.RANGE + 1));
        assertTrue(Files.notExists(file));
    }

    /** Half a number would be a smaller one. */
    @ParameterizedTest
    @ValueSource(strings = {"", "below ", "below 17644", "below x\n", "1764400000000000\n"})
    void thatCannotBeReadIsNotBelieved(String text) throws IOException {
        Files.writeString(file, text);
        assertEquals(NOW, mark.next(NOW));
    }
}
