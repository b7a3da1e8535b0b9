package us.kbase.caching.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RosterTest {

    private static final long LATER = Roster.FORGOTTEN_AFTER.toNanos() + 1;

    private final Roster roster = new Roster("b:1", 100);

    private static Beat beat(String id, long since, String... listens) {
        return new Beat(id, since, Beat.Kind.ANSWERS, "b:1", Set.of(), Set.of(listens));
    }

    @Test
    void theGatewayThatBeganFirstLeads() {
        assertTrue(roster.leads(0), "alone");
        roster.heard(beat("c:1", 101), 0);
        assertTrue(roster.leads(0));
        roster.heard(beat("d:1", 99), 0);
        assertFalse(roster.leads(0));
    }

    @Test
    void ofTwoThatBeganAtOnceOneLeads() {
        Roster other = new Roster("a:1", 100);
        roster.heard(other.beat(Beat.Kind.ASKS, "b:1", Set.of()), 0);
        other.heard(roster.beat(Beat.Kind.ASKS, "a:1", Set.of()), 0);
        assertTrue(other.leads(0) ^ roster.leads(0));
    }

    @Test
    void whoIsSilentLeadsNobodyAndIsForgotten() {
        roster.heard(beat("a:1", 1, "x"), 0);
        assertTrue(roster.leads(LATER));
        assertEquals(Map.of("a:1", Set.of("x")), roster.forget(LATER));
        assertEquals(Set.of(), roster.others());
    }

    @Test
    void onlyTheAddressesThatChangedAreTold() {
        assertEquals(Set.of("x", "y"), roster.heard(beat("a:1", 1, "x", "y"), 0));
        assertEquals(Set.of("y", "z"), roster.heard(beat("a:1", 1, "x", "z"), 0));
    }

    @Test
    void noMoreGatewaysAreTakenInThanThereIsRoomFor() {
        for (int i = 1; i <= 2 * Roster.PEERS_MAX; i++) {
            roster.heard(beat("a:" + i, i), 0);
        }
        assertEquals(Roster.PEERS_MAX, roster.others().size());
    }

    @Test
    void aBeatIsReadAsItWasWritten() {
        roster.heard(beat("a:1", 1), 0);
        Beat beat = roster.beat(Beat.Kind.ASKS, "c:1", Set.of("x"));
        assertEquals(Optional.of(beat), Beat.parse(beat.text()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "null",
                "{\"id\":1}",
                "{\"id\":\"a:1\",\"kind\":\"ASKS\",\"known\":{}}",
                "{\"id\":\"a:1\",\"kind\":\"ASKS\",\"known\":[1]}",
                "{\"id\":\"a:1\",\"kind\":\"ASKS\",\"known\":[null]}",
                "{\"id\":\"a:1\",\"kind\":\"NONE\"}",
                "{\"id\":null}"
            })
    void whatNoGatewayWritesIsNoBeat(String text) {
        assertEquals(Optional.empty(), Beat.parse(text));
    }
}
