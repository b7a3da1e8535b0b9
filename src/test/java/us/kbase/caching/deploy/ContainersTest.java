package us.kbase.caching.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Containers have no right that they do not need, and images of others are those that were looked at. */
class ContainersTest {

    /** An image's name behind a command that makes one of it. */
    private static final Pattern MADE =
            Pattern.compile("docker (?:build [^\\n]*-t|tag \\S+|import \\S+) \"?([^\\s\"]+)");

    private static Map<String, Map<String, Object>> services() throws IOException {
        Map<String, Map<String, Map<String, Object>>> compose =
                new Yaml().load(Files.readString(Path.of("docker-compose.yaml")));
        return new TreeMap<>(compose.get("services"));
    }

    @Test
    void everyServiceIsHardened() throws IOException {
        services().forEach((name, service) -> {
            assertEquals(List.of("ALL"), service.get("cap_drop"), name);
            assertEquals(true, service.get("read_only"), name);
            assertEquals(List.of("no-new-privileges:true"), service.get("security_opt"), name);
        });
    }

    @Test
    void imagesOfOthersHaveADigest() throws IOException {
        services().forEach((name, service) -> {
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

    /** The builder is sent what .dockerignore lets through, its last line that fits decides; a file that is not sent ends the build. */
    @Test
    void whatOurImageCopiesIsSentToItsBuilder() throws IOException {
        List<String> ignored = Files.readAllLines(Path.of(".dockerignore"));
        List<String> missing = Files.readAllLines(Path.of("Dockerfile")).stream()
                .filter(line -> line.startsWith("COPY ") && !line.startsWith("COPY --from="))
                .flatMap(line -> copied(line.split(" ")).stream())
                .filter(file -> !Files.exists(Path.of(file)) || !isSent(file, ignored))
                .toList();
        assertEquals(List.of(), missing);
    }

    private static List<String> copied(String[] words) {
        return List.of(words).subList(1, words.length - 1);
    }

    private static boolean isSent(String file, List<String> ignored) {
        boolean sent = true;
        for (String line : ignored) {
            String pattern = line.startsWith("!") ? line.substring(1) : line;
            if (pattern.equals("*") || file.equals(pattern) || file.startsWith(pattern + "/")) {
                sent = line.startsWith("!");
            }
        }
        return sent;
    }

    /** Who builds by compose behind a mirror names other bases as who builds by hand. */
    @Test
    void otherBasesOfOurImageAreTakenFromTheEnvironment() throws IOException {
        services().forEach((name, service) -> {
            if (service.get("build") instanceof Map<?, ?> build) {
                assertEquals(List.of("MAVEN_IMAGE", "BASE_IMAGE"), build.get("args"), name);
            } else {
                assertTrue(!service.containsKey("build"), name);
            }
        });
    }

    /** A name of others stays what they mean by it, so that an image that is gone is seen. */
    @Test
    void nothingIsMadeUnderANameOfOthers() throws IOException {
        List<String> made = new ArrayList<>();
        for (Path file : texts()) {
            MADE.matcher(Files.readString(file)).results().forEach(found -> made.add(found.group(1)));
        }
        assertTrue(made.size() >= 4, made.toString());
        assertEquals(
                List.of(),
                made.stream()
                        .filter(name -> !name.startsWith("caching-service") && !name.equals("$MINIO_IMAGE"))
                        .toList());
        assertTrue(Files.readString(Path.of(".ci/run")).contains("MINIO_IMAGE=caching-service-ci/"));
    }

    private static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
        for (String folder : List.of(".ci", "launcher", "docs", "deploy", "stress")) {
            try (Stream<Path> found = Files.walk(Path.of(folder))) {
                found.filter(file -> Files.isRegularFile(file)
                                && !file.startsWith("stress/target")
                                && !file.startsWith("stress/.builds"))
                        .forEach(texts::add);
            }
        }
        return texts;
    }

    @Test
    void theAlertsAreWhatPrometheusTakesAndEachFires() throws IOException, InterruptedException {
        Tool.run("promtool", "check", "rules", "deploy/monitoring/alerts.yaml");
        Tool.run("promtool", "test", "rules", "deploy/monitoring/alerts.test.yaml");
    }
}
