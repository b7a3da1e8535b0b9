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
