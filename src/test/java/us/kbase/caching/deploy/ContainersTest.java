package us.kbase.caching.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Containers have no right that they do not need, and images of others are those that were looked at. */
class ContainersTest {

    private static Map<String, Map<String, Object>> services(String file) throws IOException {
        Map<String, Map<String, Map<String, Object>>> compose = new Yaml().load(Files.readString(Path.of(file)));
        return new TreeMap<>(compose.get("services"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yaml", "docker-compose.cluster.yaml"})
    void everyServiceIsHardened(String file) throws IOException {
        services(file).forEach((name, service) -> {
            assertEquals(List.of("ALL"), service.get("cap_drop"), name);
            assertEquals(true, service.get("read_only"), name);
            assertEquals(List.of("no-new-privileges:true"), service.get("security_opt"), name);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yaml", "docker-compose.cluster.yaml"})
    void imagesOfOthersHaveADigest(String file) throws IOException {
        services(file).forEach((name, service) -> {
            String image = String.valueOf(service.get("image"));
            assertTrue(service.containsKey("build") || image.contains("@sha256:"), name + ": " + image);
        });
    }

    @Test
    void ourImageIsBuiltOnImagesWithADigest() throws IOException {
        List<String> bases = Files.readAllLines(Path.of("Dockerfile")).stream()
                .filter(line -> line.startsWith("ARG "))
                .toList();
        assertEquals(2, bases.size());
        bases.forEach(base -> assertTrue(base.contains("@sha256:"), base));
    }

    @Test
    void theAlertsAreWhatPrometheusTakesAndEachFires() throws IOException, InterruptedException {
        Tool.run("promtool", "check", "rules", "deploy/monitoring/alerts.yaml");
        Tool.run("promtool", "test", "rules", "deploy/monitoring/alerts.test.yaml");
    }
}
