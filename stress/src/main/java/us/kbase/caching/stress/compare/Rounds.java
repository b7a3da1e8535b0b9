package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Rounds in which every contestant has its turn, in turns from the first to the last and back. */
final class Rounds {

    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    /** One contestant: what it does in each round. */
    record Contestant(String name, Supplier<Sample> round) {}

    private Rounds() {}

    static Rounds interleaved(int count, List<Contestant> contestants) {
        Rounds rounds = new Rounds();
        contestants.forEach(contestant -> rounds.samples.put(contestant.name(), new ArrayList<>()));
        for (int round = 0; round < count; round++) {
            List<Contestant> order = round % 2 == 0 ? contestants : contestants.reversed();
            for (Contestant contestant : order) {
                Sample sample = contestant.round().get();
                rounds.samples.get(contestant.name()).add(sample);
                System.err.printf(
                        "    %-28s %8.3f s  %6.2f cpu-s%n", contestant.name(), sample.seconds(), sample.cpuSeconds());
            }
        }
        return rounds;
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

    /** Best and median seconds of each contestant, as text. */
    String seconds() {
        StringBuilder text = new StringBuilder();
        samples.forEach((name, taken) -> text.append(text.isEmpty() ? "" : "; ")
                .append(String.format("%s %.2f / %.2f s", name, Sample.best(taken), Sample.median(taken))));
        return text.toString();
    }
}
