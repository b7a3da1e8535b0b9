package us.kbase.caching.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The dashboard is as Grafana's own schemas want it: {@code kinds/dashboard/dashboard_kind.cue}, the options of the time series panel
 * ({@code panelcfg.cue}, {@code VizLegendOptions}, {@code VizTooltipOptions}) and the units of {@code valueFormats/categories.ts}.
 */
class DashboardTest {

    private static final int COLUMNS = 24;

    /** Numbers, bytes, rates and times; Grafana has others for what no gateway measures. */
    private static final Set<String> UNITS = Set.of(
            "none",
            "short",
            "percent",
            "percentunit",
            "bytes",
            "decbytes",
            "Bps",
            "ops",
            "reqps",
            "s",
            "ms",
            "dateTimeAsIso");

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([A-Za-z_]+)}|([A-Za-z_]+))");
    private static final Set<String> BUILT_IN = Set.of("__rate_interval", "__all");
    private static final JsonObject CHOSEN =
            new JsonObject().put("type", "prometheus").put("uid", "${source}");

    private String text;
    private JsonObject dashboard;

    @BeforeEach
    void read() throws IOException {
        text = Files.readString(Path.of("deploy/monitoring/dashboard.json"));
        dashboard = new JsonObject(text);
    }

    private static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    private Stream<JsonObject> panels() {
        return objects(dashboard.getJsonArray("panels"));
    }

    private List<String> titlesOf(java.util.function.Predicate<JsonObject> wrong) {
        return panels().filter(wrong).map(panel -> panel.getString("title")).toList();
    }

    @Test
    void itIsNamedAndSaysOfWhichSchemaItIs() {
        assertTrue(dashboard.getString("uid").matches("[A-Za-z0-9_-]{8,40}"));
        assertTrue(!dashboard.getString("title").isBlank());
        assertTrue(dashboard.getInteger("schemaVersion") >= 36);
        assertTrue(dashboard.getString("refresh").matches("[0-9]+[smhd]"));
        assertEquals(Set.of("from", "to"), dashboard.getJsonObject("time").fieldNames());
        assertEquals(null, dashboard.getValue("id"), "an id is of one Grafana alone");
    }

    @Test
    void eachPanelHasATypeATitleOptionsAndFields() {
        assertEquals(
                List.of(),
                titlesOf(panel -> !panel.getString("type").equals("timeseries")
                        || panel.getString("title").isBlank()
                        || panel.getJsonObject("options") == null
                        || panel.getJsonObject("fieldConfig").getJsonObject("defaults") == null
                        || panel.getJsonObject("fieldConfig").getJsonArray("overrides") == null));
    }

    @Test
    void noTwoPanelsHaveOneId() {
        Set<Integer> ids = new HashSet<>();
        assertEquals(List.of(), titlesOf(panel -> panel.getInteger("id") <= 0 || !ids.add(panel.getInteger("id"))));
    }

    @Test
    void panelsStandInTheGridAndNotOverEachOther() {
        Set<List<Integer>> taken = new HashSet<>();
        assertEquals(List.of(), titlesOf(panel -> !takes(panel.getJsonObject("gridPos"), taken)));
    }

    private static boolean takes(JsonObject at, Set<List<Integer>> taken) {
        int x = at.getInteger("x");
        int y = at.getInteger("y");
        int width = at.getInteger("w");
        int height = at.getInteger("h");
        boolean fits = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= COLUMNS;
        for (int column = x; column < x + width; column++) {
            for (int row = y; row < y + height; row++) {
                fits &= taken.add(List.of(column, row));
            }
        }
        return fits;
    }

    @Test
    void eachPanelHasAUnitThatGrafanaKnows() {
        assertEquals(
                List.of(),
                titlesOf(panel -> !UNITS.contains(panel.getJsonObject("fieldConfig")
                        .getJsonObject("defaults")
                        .getString("unit", ""))));
    }

    /** All of them: a legend without {@code showLegend} is none for a Grafana that fills nothing in. */
    @Test
    void legendsAndTooltipsSayWhatTheirSchemaRequires() {
        assertEquals(List.of(), titlesOf(panel -> {
            JsonObject legend = panel.getJsonObject("options").getJsonObject("legend");
            JsonObject tooltip = panel.getJsonObject("options").getJsonObject("tooltip");
            return !Set.of("list", "table").contains(legend.getString("displayMode", ""))
                    || !Set.of("bottom", "right").contains(legend.getString("placement", ""))
                    || !Boolean.TRUE.equals(legend.getBoolean("showLegend"))
                    || legend.getJsonArray("calcs") == null
                    || !Set.of("single", "multi", "none").contains(tooltip.getString("mode", ""))
                    || !Set.of("asc", "desc", "none").contains(tooltip.getString("sort", ""));
        }));
    }

    @Test
    void eachPanelAsksTheSourceThatIsChosen() {
        assertEquals(
                List.of(),
                titlesOf(panel -> !CHOSEN.equals(panel.getJsonObject("datasource"))
                        || objects(panel.getJsonArray("targets"))
                                .anyMatch(target -> !CHOSEN.equals(target.getJsonObject("datasource")))));
    }

    @Test
    void eachPanelHasQueriesOfDifferentNames() {
        assertEquals(List.of(), titlesOf(panel -> {
            List<String> names = objects(panel.getJsonArray("targets"))
                    .map(target -> target.getString("refId"))
                    .toList();
            return names.isEmpty()
                    || Set.copyOf(names).size() != names.size()
                    || names.stream().anyMatch(name -> !name.matches("[A-Z]"))
                    || objects(panel.getJsonArray("targets"))
                            .anyMatch(target -> target.getString("expr").isBlank());
        }));
    }

    @Test
    void variablesAreDeclaredOnceAndAllThatAreUsedAre() {
        List<JsonObject> variables = objects(
                        dashboard.getJsonObject("templating").getJsonArray("list"))
                .toList();
        List<String> names =
                variables.stream().map(variable -> variable.getString("name")).toList();
        assertEquals(names.size(), Set.copyOf(names).size());
        assertTrue(variables.stream()
                .allMatch(variable -> Set.of("query", "datasource").contains(variable.getString("type"))));
        assertEquals(
                "prometheus",
                variables.getFirst().getString("query"),
                "the source comes first, since the others ask it");
        Set<String> used = VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .filter(name -> !BUILT_IN.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(names), used);
    }
}
