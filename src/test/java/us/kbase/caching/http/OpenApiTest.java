package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;
import org.yaml.snakeyaml.Yaml;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.memory.MemoryPlan;

/** The API's description names the routes that there are and the answers that they give, no more and no less. */
class OpenApiTest {

    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");
    private static Map<String, Object> document = Map.of();

    @BeforeAll
    static void read() throws IOException {
        document = new Yaml().load(Files.readString(Path.of("docs/openapi.yaml")));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** {@code METHOD /path} to its operation. */
    private static Map<String, Map<String, Object>> described() {
        Map<String, Map<String, Object>> operations = new TreeMap<>();
        map(document.get("paths"))
                .forEach((path, item) -> map(item).forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        operations.put(method.toUpperCase(java.util.Locale.ROOT) + " " + path, map(operation));
                    }
                }));
        return operations;
    }

    /** Handlers of nothing: none of them is called. */
    private static Routes routes() {
        HttpVerticle.Settings settings =
                new HttpVerticle.Settings("", 0, 0, ClientTimeouts.USUAL, MemoryPlan.ofThisProcess());
        return new Routes(
                new CacheIdHandler(null, null, null),
                new UploadHandler(null, null, null, settings, new OpenUploads()),
                new DownloadHandler(null, null, Duration.ZERO),
                new DeleteHandler(null, null),
                new LeaseHandler(null, null, null, null),
                new EntryRoutes(
                        new ListHandler(null, null, Budget.of("replies", 1 << 20), Duration.ZERO),
                        new MetadataHandler(null, null),
                        new ExpireHandler(null, null)),
                new HealthHandler(null),
                new AccessLog(NOPLogger.NOP_LOGGER));
    }

    /** Where there is {@code GET} there is {@code HEAD}, and {@code OPTIONS} everywhere; the description says so once. */
    @Test
    void namesExactlyTheRoutesThatThereAre() {
        Set<String> routed = routes().table().names().stream()
                .map(OpenApiTest::rooted)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(described().keySet(), routed);
    }

    private static String rooted(String name) {
        return name.endsWith(" ") ? name + "/" : name;
    }

    @Test
    void namesEveryStatusOfAFailureAndNoOther() {
        Set<String> failures = RepliesTest.failures()
                .map(row -> String.valueOf(row.get()[0]))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = described().values().stream()
                .flatMap(operation -> map(operation.get("responses")).keySet().stream())
                .filter(status -> Integer.parseInt(status) >= 400)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(failures, described);
    }

    /** Who sends a token may be refused, and whatever asks a store may find it down. */
    @Test
    void namesWhatEveryRouteWithATokenAnswers() {
        described().forEach((name, operation) -> {
            if (operation.get("security") == null) {
                Set<String> statuses = map(operation.get("responses")).keySet();
                assertTrue(statuses.containsAll(Set.of("400", "403", "500", "503")), name + " " + statuses);
            }
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collect(document, references);
        assertFalse(references.isEmpty());
        for (String reference : references) {
            Object found = document;
            for (String step : reference.substring(2).split("/")) {
                found = map(found).get(step);
                assertTrue(found != null, reference + " leads nowhere");
            }
        }
    }

    private static void collect(Object node, List<String> references) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("$ref") instanceof String reference) {
                references.add(reference);
            }
            map.values().forEach(value -> collect(value, references));
        } else if (node instanceof List<?> list) {
            list.forEach(item -> collect(item, references));
        }
    }
}
