package us.kbase.caching.stress.siege;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import us.kbase.caching.stress.siege.attack.Attack;
import us.kbase.caching.stress.siege.attack.Counts;

/** What a siege prints besides its verdict. */
final class Lines {

    private Lines() {}

    static String progress(
            String phase,
            double seconds,
            long lateMillis,
            OptionalDouble rssMebibytes,
            CalmRecord record,
            Map<String, Attack> attacks) {
        CalmRecord.Latency last = record.sinceLast();
        String running = attacks.values().stream()
                .filter(attack -> attack.counts().open() > 0)
                .map(attack -> attack.name() + " " + attack.counts().open() + "/"
                        + attack.counts().begun())
                .collect(Collectors.joining(", "));
        return String.format(
                "%4.0f s  %-7s S3 +%d ms  RSS %3.0f MiB  calm: %d good, %d failed, p50 %.1f p99 %.0f ms  %s%s",
                seconds,
                phase,
                lateMillis,
                rssMebibytes.orElse(0),
                record.good(),
                record.failed() + record.excused(),
                last.p50Millis(),
                last.p99Millis(),
                running,
                record.failures().isEmpty() ? "" : "  " + record.failures());
    }

    static String stretches(List<Siege.Besieged> stretches) {
        StringBuilder text =
                new StringBuilder("| Attacks | S3 late | Calm calls | p50 | p99 |\n|---|---|---|---|---|\n");
        stretches.forEach(besieged -> text.append(String.format(
                "| %s | %d ms | %d | %.0f ms | %.0f ms |%n",
                String.join(", ", besieged.stretch().attacks()),
                besieged.stretch().lateMillis(),
                besieged.calls().calls(),
                besieged.calls().p50Millis(),
                besieged.calls().p99Millis())));
        return text.toString();
    }

    static String attacks(Map<String, Attack> attacks) {
        StringBuilder text = new StringBuilder(
                "| Attack | Visits | How they ended | MiB sent | MiB read |\n|---|---|---|---|---|\n");
        attacks.forEach((name, attack) -> {
            Counts counts = attack.counts();
            text.append(String.format(
                    "| %s | %d | %s | %.1f | %.1f |%n",
                    name,
                    counts.begun(),
                    counts.text(),
                    counts.sentBytes() / (double) (1 << 20),
                    counts.receivedBytes() / (double) (1 << 20)));
        });
        return text.toString();
    }
}
