package us.kbase.caching.stress.siege.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PacerTest {

    private static final long TICK_NANOS = 50_000_000;

    @Test
    void movesItsBytesPerSecond() {
        assertEquals(20_000, movedInTenSeconds(2_000), 500);
    }

    @Test
    void aPaceOfLessThanAByteATickIsKeptToo() {
        assertEquals(20, movedInTenSeconds(2), 1);
    }

    @Test
    void whatWasMissedIsNotMadeUpFor() {
        Pacer pacer = new Pacer(1_000, 0);
        assertTrue(pacer.allowed(3_600_000_000_000L) <= 251);
    }

    private static long movedInTenSeconds(long bytesPerSecond) {
        Pacer pacer = new Pacer(bytesPerSecond, 0);
        long moved = 0;
        for (long now = 0; now <= 10_000_000_000L; now += TICK_NANOS) {
            long allowed = pacer.allowed(now);
            pacer.moved(allowed);
            moved += allowed;
        }
        return moved;
    }
}
