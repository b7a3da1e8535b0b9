package us.kbase.caching.stress.compare;

import java.util.ArrayList;
import java.util.List;

/** The lines of the table, in the order in which they were measured. */
final class Results {

    private record Line(String what, String goal, String best, String median, String detail) {
        String markdown() {
            return "| " + String.join(" | ", what, goal, best, median, detail) + " |";
        }
    }

    private final List<Line> lines = new ArrayList<>();

    void ratio(String what, String goal, Rounds rounds, String reference, String measured) {
        add(
                what,
                goal,
                String.format("%.2f", rounds.bestRatio(reference, measured)),
                String.format("%.2f", rounds.medianRatio(reference, measured)),
                rounds.seconds());
    }

    /** How much sooner the contestant was than the gateway, and where another build took turns, how much later that was. */
    void gateway(String what, String contestant, String goal, Rounds rounds) {
        ratio(what + ", " + contestant + " ÷ gateway", goal, rounds, contestant, "gateway");
        if (rounds.has("before")) {
            ratio("the same, before ÷ gateway", "≥ 1", rounds, "before", "gateway");
        }
    }

    /** CPU seconds of the gateway for each GiB. */
    void cpuPerGibibyte(String what, String goal, Rounds rounds, long bytes) {
        double gibibytes = bytes / Plan.GIBIBYTE;
        String measured = "user and system, from /proc";
        if (rounds.has("before")) {
            List<Sample> before = rounds.of("before");
            measured += String.format(
                    "; before %.2f / %.2f", Sample.bestCpu(before) / gibibytes, Sample.medianCpu(before) / gibibytes);
        }
        List<Sample> gateway = rounds.of("gateway");
        add(
                "gateway CPU seconds per GiB, " + what,
                goal,
                String.format("%.2f", Sample.bestCpu(gateway) / gibibytes),
                String.format("%.2f", Sample.medianCpu(gateway) / gibibytes),
                measured);
    }

    void add(String what, String goal, String best, String median, String detail) {
        Line line = new Line(what, goal, best, median, detail);
        lines.add(line);
        System.err.println(line.markdown());
    }

    String table() {
        StringBuilder text = new StringBuilder(
                "| What | Goal | Best | Median | Measured (best / median) |\n|---|---|---|---|---|\n");
        lines.forEach(line -> text.append(line.markdown()).append('\n'));
        return text.toString();
    }
}
