package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Rounds in which every contestant has its turn, in turns from the first to the last and back. The first contestant is the yardstick:
 * while its times differ by more than {@value #SPREAD_MAX} of their median the machine was not at rest, and another round takes the
 * place of the oldest, at most as many as were asked for.
 */
final class Rounds {

    private static final double SPREAD_MAX = 0.15;

    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    /** One contestant: what it does in each round. */
    record Contestant(String name, Supplier<Sample> round) {}

    private Rounds() {}

    static Rounds interleaved(int count, List<Contestant> contestants) {
        Rounds rounds = new Rounds();
        contestants.forEach(contestant -> rounds.samples.put(contestant.name(), new ArrayList<>()));
        String yardstick = contestants.getFirst().name();
        for (int round = 0; round < 2 * count; round++) {
            if (round >= count) {
                if (Sample.spread(rounds.of(yardstick)) <= SPREAD_MAX) {
                    break;
                }
                rounds.samples.values().forEach(List::removeFirst);
            }
            rounds.take(round % 2 == 0 ? contestants : contestants.reversed());
        }
        return rounds;
    }

    private void take(List<Contestant> order) {
        for (Contestant contestant : order) {
            Sample sample = contestant.round().get();
            samples.get(contestant.name()).add(sample);
            System.err.printf(
                    "    %-28s %8.3f s  %6.2f cpu-s%n", contestant.name(), sample.seconds(), sample.cpuSeconds());
        }
    }

    boolean has(String name) {
        return samples.containsKey(name);
    }

    List<Sample> of(String name) {
        return samples.get(name);
    }

    /** How much sooner the first was than the second: its best by the other's best. */
    double bestRatio(String reference, String measured) {
        return Sample.best(of(reference)) / Sample.best(of(measured));
    }

    /** The same of the medians. */
    double medianRatio(String reference, String measured) {
        return Sample.median(of(reference)) / Sample.median(of(measured));
    }

    /** Best and median seconds of each contestant, and how far its times are apart, as text. */
    String seconds() {
        StringBuilder text = new StringBuilder();
        samples.forEach((name, taken) -> text.append(text.isEmpty() ? "" : "; ")
                .append(String.format(
                        "%s %.2f / %.2f s ±%.0f %%",
                        name, Sample.best(taken), Sample.median(taken), 50 * Sample.spread(taken))));
        return text.toString();
    }
}
