package us.kbase.caching.cli.upkeep;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/** What a command found, as a table for people or as JSON for programs. */
final class Table {

    private Table() {}

    /** Writes a line for each, with the numbers below each other. */
    static String text(Map<String, Long> rows) {
        int name = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        int number = rows.values().stream()
                .mapToInt(value -> Long.toString(value).length())
                .max()
                .orElse(0);
        StringBuilder table = new StringBuilder();
        rows.forEach((label, value) ->
                table.append(String.format(Locale.ROOT, "%-" + name + "s  %" + number + "d%n", label, value)));
        return table.toString();
    }

    /** Writes one line of JSON. */
    static String json(Map<String, ?> fields) {
        JsonObject json = new JsonObject();
        fields.forEach(json::put);
        return json.encode();
    }
}
