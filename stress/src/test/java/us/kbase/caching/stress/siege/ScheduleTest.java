package us.kbase.caching.stress.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final List<String> ATTACKS = List.of("a", "b", "c", "d", "e");

    @Test
    void theSameSeedGivesTheSameSiege() {
        Schedule one = new Schedule(ATTACKS, 2, List.of(0L, 500L, 30_000L), 7);
        Schedule other = new Schedule(ATTACKS, 2, List.of(0L, 500L, 30_000L), 7);
        for (int i = 0; i < 20; i++) {
            assertEquals(one.next(), other.next());
        }
    }

    @Test
    void everyAttackHasItsTurnAndNoneStandsTwiceInOneStretch() {
        Schedule schedule = new Schedule(ATTACKS, 2, List.of(0L), 7);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            List<String> stretch = schedule.next().attacks();
            assertEquals(2, Set.copyOf(stretch).size());
            seen.addAll(stretch);
        }
        assertEquals(Set.copyOf(ATTACKS), seen);
    }

    @Test
    void noMoreRunThanThereAre() {
        assertEquals(
                List.of("a"),
                new Schedule(List.of("a"), 6, List.of(0L), 1).next().attacks());
    }
}
