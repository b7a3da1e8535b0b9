package us.kbase.caching.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes a page for readers of the API's description: no script, nothing from elsewhere. */
final class ApiPage {

    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>CachingService API</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
            code { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
            h2 { margin-top: 2.5rem; border-top: 1px solid; padding-top: 1rem; font-size: 1.1rem }
            table { border-collapse: collapse; width: 100% }
            th { text-align: left; vertical-align: top; font-weight: normal; width: 16rem; padding: .2rem 1rem .2rem 0 }
            td { padding: .2rem 0 }
            </style>
            </head>
            <body>
            <main>
            <h1>CachingService API</h1>
            """;

    private final Map<String, Object> document;
    private final StringBuilder page = new StringBuilder(HEAD);

    private ApiPage(Map<String, Object> document) {
        this.document = document;
    }

    /** The page of an OpenAPI document. */
    static String of(Map<String, Object> document) {
        return new ApiPage(document).written();
    }

    private String written() {
        Map<String, Object> info = map(document.get("info"));
        paragraph(text(info.get("summary")));
        paragraph(text(info.get("description")));
        page.append("<p>For programs: <a href=\"v1/openapi.yaml\">openapi.yaml</a> (OpenAPI 3.1).</p>\n");
        map(document.get("paths"))
                .forEach((path, item) -> map(item).forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        operation(method.toUpperCase(Locale.ROOT) + " " + path, map(item), map(operation));
                    }
                }));
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private void operation(String name, Map<String, Object> path, Map<String, Object> operation) {
        String id = text(operation.get("operationId"));
        page.append("<section id=\"%s\" aria-labelledby=\"%s-name\">\n".formatted(id, id));
        page.append("<h2 id=\"%s-name\"><code>%s</code></h2>\n".formatted(id, escaped(name)));
        paragraph(text(operation.get("summary")));
        paragraph(text(operation.get("description")));
        page.append("<table>\n");
        list(path.get("parameters")).forEach(this::parameter);
        list(operation.get("parameters")).forEach(this::parameter);
        map(operation.get("responses")).forEach((status, response) -> row(status, resolved(response)));
        page.append("</table>\n</section>\n");
    }

    private void parameter(Object reference) {
        Map<String, Object> parameter = resolved(reference);
        row(parameter.get("name") + " (" + parameter.get("in") + ")", parameter);
    }

    private void row(String name, Map<String, Object> described) {
        page.append("<tr><th scope=\"row\"><code>%s</code></th><td>%s</td></tr>\n"
                .formatted(escaped(name), marked(text(described.get("description")))));
    }

    private void paragraph(String text) {
        if (!text.isBlank()) {
            page.append("<p>").append(marked(text)).append("</p>\n");
        }
    }

    private Map<String, Object> resolved(Object value) {
        Map<String, Object> found = map(value);
        if (!(found.get("$ref") instanceof String reference)) {
            return found;
        }
        Object at = document;
        for (String step : reference.substring(2).split("/")) {
            at = map(at).get(step);
        }
        return map(at);
    }

    /** Words between back quotes are code. */
    private static String marked(String text) {
        return escaped(text.strip()).replaceAll("`([^`]*)`", "<code>$1</code>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
