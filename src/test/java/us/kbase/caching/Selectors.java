package us.kbase.caching;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** What the expressions of alerts and dashboard ask of series: which label of which metric has which value. */
final class Selectors {

    private static final Path MONITORING = Path.of("deploy/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(?:caching|vertx|jvm|process)_[a-z0-9_]+");
    private static final Pattern SELECTOR = Pattern.compile("([a-z][a-z0-9_]*)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{ ?(?:\\$labels\\.)?([a-z_]+) ?}}");
    private static final Pattern ALTERNATIVES = Pattern.compile("(.*)\\(([^()]*)\\)(.*)");

    /**
     * A label that must have a value, or may not have it.
     *
     * @param value one alternative of a regular expression, itself one
     */
    record Matched(String metric, String label, String value) {}

    /**
     * An expression, and what is written about its series.
     *
     * @param text of legends or annotations, which may name labels
     */
    record Expression(String promql, List<String> text) {

        Set<String> metrics() {
            Set<String> names = new TreeSet<>();
            METRIC.matcher(promql).results().forEach(found -> names.add(found.group()));
            return names;
        }

        List<Matched> matched() {
            List<Matched> all = new ArrayList<>();
            SELECTOR.matcher(promql)
                    .results()
                    .forEach(selector -> LABEL.matcher(selector.group(2))
                            .results()
                            .forEach(label -> alternatives(label.group(2), label.group(3))
                                    .forEach(value -> all.add(new Matched(selector.group(1), label.group(1), value)))));
            return all;
        }

        /** By which series are summed, or which their text names. */
        Set<String> namedLabels() {
            Set<String> names = new TreeSet<>();
            GROUPED.matcher(promql)
                    .results()
                    .forEach(by -> names.addAll(List.of(by.group(1).split(", *"))));
            text.forEach(line -> SHOWN.matcher(line).results().forEach(found -> names.add(found.group(1))));
            return names;
        }
    }

    private Selectors() {}

    private static List<String> alternatives(String operator, String value) {
        if (!operator.endsWith("~")) {
            return List.of(Pattern.quote(value));
        }
        Matcher group = ALTERNATIVES.matcher(value);
        return group.matches()
                ? List.of(group.group(2).split("\\|")).stream()
                        .map(each -> group.group(1) + each + group.group(3))
                        .toList()
                : List.of(value.split("\\|"));
    }

    /** Of every alert and every panel. */
    static List<Expression> all() throws IOException {
        List<Expression> all = new ArrayList<>(ofAlerts());
        JsonObject dashboard = new JsonObject(Files.readString(MONITORING.resolve("dashboard.json")));
        for (Object panel : dashboard.getJsonArray("panels")) {
            for (Object each : ((JsonObject) panel).getJsonArray("targets", new JsonArray())) {
                JsonObject target = (JsonObject) each;
                all.add(new Expression(target.getString("expr"), List.of(target.getString("legendFormat"))));
            }
        }
        return all;
    }

    private static List<Expression> ofAlerts() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file =
                new Yaml().load(Files.readString(MONITORING.resolve("alerts.yaml")));
        return file.get("groups").stream()
                .flatMap(group -> group.get("rules").stream())
                .map(rule -> new Expression(
                        String.valueOf(rule.get("expr")),
                        ((Map<?, ?>) rule.get("annotations"))
                                .values().stream().map(String::valueOf).toList()))
                .toList();
    }
}
