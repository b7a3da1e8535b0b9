package us.kbase.caching.stress.compare;

import java.util.Comparator;
import java.util.List;

/**
 * What one contestant needed in one round.
 *
 * @param cpuSeconds of the server between client and store; 0 where there is none
 */
record Sample(double seconds, double cpuSeconds) {

    static double best(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::seconds).min().orElseThrow();
    }

    static double median(List<Sample> samples) {
        return median(samples.stream().map(Sample::seconds).toList(), samples.size());
    }

    /** The longest without the shortest time, as a part of the median. */
    static double spread(List<Sample> samples) {
        double longest = samples.stream().mapToDouble(Sample::seconds).max().orElseThrow();
        return (longest - best(samples)) / median(samples);
    }

    static double bestCpu(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::cpuSeconds).min().orElseThrow();
    }

    static double medianCpu(List<Sample> samples) {
        return median(samples.stream().map(Sample::cpuSeconds).toList(), samples.size());
    }

    static double median(List<Double> values, int count) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        return (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
    }
}
