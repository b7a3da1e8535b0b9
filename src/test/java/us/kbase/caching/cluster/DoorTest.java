package us.kbase.caching.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DoorTest {

    private static final long SECOND = 1_000_000_000L;

    private final Door door = new Door();
    private final long now = System.nanoTime() + SECOND;

    private long entered(int tries, String prefix, long nanos) {
        return IntStream.range(0, tries)
                .filter(i -> door.enter(prefix + i, nanos))
                .count();
    }

    @Test
    void oneAddressHasAQuarterAndLeavesTheRestToOthers() {
        assertEquals(
                Door.UNPROVEN_MAX / 4,
                IntStream.range(0, 100).filter(i -> door.enter("one", now)).count());
        assertTrue(door.enter("other", now));
    }

    @Test
    void allTogetherAreBounded() {
        assertEquals(Door.UNPROVEN_MAX, entered(100, "a", now));
        assertEquals(0, entered(100, "b", now + 2 * SECOND), "they have not left");
    }

    @Test
    void whoLeavesMakesRoom() {
        entered(Door.UNPROVEN_MAX, "a", now);
        door.leave("a0");
        assertEquals(1, entered(5, "b", now));
    }

    @Test
    void thoseWhoComeAndGoAreBoundedByTheSecond() {
        long came = IntStream.range(0, 1_000)
                .filter(i -> {
                    boolean in = door.enter("a" + i, now);
                    if (in) {
                        door.leave("a" + i);
                    }
                    return in;
                })
                .count();
        assertEquals(Door.STARTS_MAX, came);
        assertTrue(door.enter("next", now + SECOND));
    }
}
