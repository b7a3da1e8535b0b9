package us.kbase.caching.stress.siege;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The server's resident memory by time. */
final class RssSeries {

    private record Sample(double seconds, double mebibytes) {}

    private final List<Sample> samples = new ArrayList<>();

    void add(double seconds, double mebibytes) {
        samples.add(new Sample(seconds, mebibytes));
    }

    /** The median of those from one second to another, the latter excluded. */
    OptionalDouble median(double fromSeconds, double toSeconds) {
        double[] chosen = samples.stream()
                .filter(sample -> sample.seconds() >= fromSeconds && sample.seconds() < toSeconds)
                .mapToDouble(Sample::mebibytes)
                .sorted()
                .toArray();
        if (chosen.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = chosen.length / 2;
        return OptionalDouble.of(chosen.length % 2 == 1 ? chosen[middle] : (chosen[middle - 1] + chosen[middle]) / 2);
    }
}
