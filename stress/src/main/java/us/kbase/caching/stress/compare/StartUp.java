package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.List;

/** From the launcher to the first answer. */
final class StartUp {

    private StartUp() {}

    static void firstAnswer(Bench bench, Results results) {
        List<Double> first = new ArrayList<>();
        List<Double> ready = new ArrayList<>();
        for (int round = 0; round < Math.max(3, bench.plan().rounds()); round++) {
            try (GatewayServer gateway = bench.coldGateway()) {
                first.add(gateway.firstAnswerMillis());
                ready.add(gateway.readyMillis());
            }
        }
        results.add(
                "start of the launcher to the first answer",
                "≤ 400 ms",
                String.format(
                        "%.0f ms", first.stream().mapToDouble(v -> v).min().orElseThrow()),
                String.format("%.0f ms", Sample.median(first, first.size())),
                String.format(
                        "/readyz: %.0f / %.0f ms",
                        ready.stream().mapToDouble(v -> v).min().orElseThrow(), Sample.median(ready, ready.size())));
    }
}
