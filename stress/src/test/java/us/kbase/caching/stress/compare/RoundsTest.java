package us.kbase.caching.stress.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final List<String> order = new ArrayList<>();

    @Test
    void contestantsTakeTurnsThereAndBackSoThatNoneAlwaysGoesFirst() {
        Rounds.interleaved(3, List.of(contestant("direct", 1, 1, 1), contestant("gateway", 1, 1, 1)));
        assertEquals(List.of("direct", "gateway", "gateway", "direct", "direct", "gateway"), order);
    }

    @Test
    void aRatioAboveOneMeansThatTheMeasuredOneIsSooner() {
        Rounds rounds = Rounds.interleaved(2, List.of(contestant("direct", 5, 5.5), contestant("gateway", 2.5, 2.75)));
        assertEquals(2, rounds.bestRatio("direct", "gateway"));
        assertEquals(2, rounds.medianRatio("direct", "gateway"));
    }

    @Test
    void oneSlowRoundMovesTheMedianOnlyAsFarAsAMedianMoves() {
        Rounds rounds = Rounds.interleaved(3, List.of(contestant("direct", 1, 1, 1), contestant("gateway", 1, 1, 50)));
        assertEquals(1, rounds.bestRatio("direct", "gateway"));
        assertEquals(1, rounds.medianRatio("direct", "gateway"));
    }

    @Test
    void roundsAreRunAgainWhileTheYardstickIsNotAtRest() {
        Rounds rounds =
                Rounds.interleaved(2, List.of(contestant("direct", 1, 2, 2.1, 2.1), contestant("gateway", 1, 3, 4, 5)));
        assertEquals(List.of(2.0, 2.1), seconds(rounds, "direct"));
        assertEquals(List.of(3.0, 4.0), seconds(rounds, "gateway"));
    }

    @Test
    void whatNeverComesToRestIsToldAfterTwiceTheRounds() {
        Rounds rounds =
                Rounds.interleaved(2, List.of(contestant("direct", 1, 2, 3, 4), contestant("gateway", 1, 1, 1, 1)));
        assertEquals(List.of(3.0, 4.0), seconds(rounds, "direct"));
        assertEquals("direct 3.00 / 3.50 s ±14 %; gateway 1.00 / 1.00 s ±0 %", rounds.seconds());
    }

    private static List<Double> seconds(Rounds rounds, String name) {
        return rounds.of(name).stream().map(Sample::seconds).toList();
    }

    private Rounds.Contestant contestant(String name, double... seconds) {
        Iterator<Double> taken = DoubleStream.of(seconds).iterator();
        return new Rounds.Contestant(name, () -> {
            order.add(name);
            return new Sample(taken.next(), 0);
        });
    }
}
