package us.kbase.caching.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;

/** The archive that Maven packages runs in a folder of its own: no checkout, no Maven, whoever may write to it or not. */
class DistributionIT {

    /** {@code http.stop-seconds}, where nobody sets it. */
    private static final int STOP_SECONDS = 25;

    @TempDir
    Path folder;

    private Path program;

    @BeforeEach
    void unpack() throws IOException {
        Path packed = archive();
        Path to = Files.createDirectory(folder.resolve("a folder"));
        Ended ended = shell(Map.of(), "tar xzf '" + packed.toAbsolutePath() + "' -C '" + to + "'");
        assertEquals(0, ended.code(), ended.err());
        try (Stream<Path> unpacked = Files.list(to)) {
            program = unpacked.findFirst().orElseThrow();
        }
    }

    private static Path archive() throws IOException {
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            return built.filter(file -> file.getFileName().toString().matches("caching-service-[0-9.]+\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Ended shell(Map<String, String> environment, String script) {
        try (ServiceProcess process = ServiceProcess.command(folder, environment, List.of("sh", "-e", "-c", script))) {
            return process.ended();
        }
    }

    /** Whatever Maven would be called, it would fail. */
    private Map<String, String> withoutMaven() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path maven = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\necho 'Maven was called' >&2; exit 9\n");
        assertTrue(maven.toFile().setExecutable(true));
        return Map.of("PATH", bin + ":" + System.getenv("PATH"), "HOME", folder.toString());
    }

    /** Of Java there is what the program needs, as in the image. */
    private Map<String, String> withARuntimeOfItsOwn() throws IOException {
        Path runtime = folder.resolve("runtime");
        Ended made = shell(
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                "'" + Path.of("deploy/image/runtime.sh").toAbsolutePath() + "' '" + program + "' '" + runtime + "'");
        assertEquals(0, made.code(), made.err());
        Map<String, String> environment = new HashMap<>(withoutMaven());
        environment.put("JAVA_HOME", runtime.toString());
        return environment;
    }

    @Test
    void itServesAndItsCommandsWorkOnARuntimeThatIsMadeForIt() throws IOException {
        Map<String, String> environment = withARuntimeOfItsOwn();
        // A first start makes the start-up cache, which may take longer than a start is waited for.
        assertEquals(
                0,
                shell(environment, "'" + program + "/caching-service' rehearse").code());
        List<String> serve = List.of(program.resolve("caching-service").toString(), "serve");
        try (ServiceProcess gateway = ServiceProcess.command(folder, environment, serve)) {
            environment.put("CACHING_SERVER", "http://127.0.0.1:" + gateway.port());
            assertEquals(
                    Optional.of(environment.get("JAVA_HOME") + "/bin/java"),
                    ProcessHandle.of(gateway.pid())
                            .flatMap(process -> process.info().command()));
            assertAResultIsRunOnce(environment);
            assertAFileComesBackEqual(environment);
        }
    }

    private void assertAResultIsRunOnce(Map<String, String> environment) throws IOException {
        Files.writeString(folder.resolve("p.json"), "{\"job\": 1}");
        String run = "'" + program + "/caching-service' run --params p.json --out result -- sh -c 'echo 1 >> result'";
        Ended ended = shell(environment, run + "; rm result; " + run + "; grep -x 1 result");
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.err().contains("hit"), ended.err());
    }

    private void assertAFileComesBackEqual(Map<String, String> environment) throws IOException {
        Files.writeString(folder.resolve("q.json"), "{\"job\": 2}");
        Ended ended = shell(
                environment,
                "head -c 5000000 /dev/urandom >sent; '" + program + "/caching-service' put --params q.json sent; '"
                        + program + "/caching-service' get --params q.json got; cmp sent got");
        assertEquals(0, ended.code(), ended.err());
    }

    @Test
    void whereItsFolderIsReadOnlyTheStartUpCacheIsTheUsers() throws IOException {
        assumeTrue(
                shell(Map.of(), "mount --bind '" + program + "' '" + program + "'")
                                .code()
                        == 0,
                "no mounts here");
        try {
            shell(Map.of(), "mount -o remount,ro,bind '" + program + "'");
            Ended ended = shell(withoutMaven(), "'" + program + "/caching-service' rehearse");
            assertEquals(0, ended.code(), ended.err());
            try (Stream<Path> made = Files.list(folder.resolve(".cache/caching-service/startup"))) {
                assertEquals(
                        1,
                        made.filter(file -> file.getFileName().toString().startsWith("jvm-"))
                                .count());
            }
        } finally {
            shell(Map.of(), "umount '" + program + "'");
        }
    }

    @Test
    void itNamesEveryJarThatItHolds() throws IOException {
        JsonArray components =
                new JsonObject(Files.readString(program.resolve("sbom.json"))).getJsonArray("components");
        List<String> named = components.stream()
                .map(JsonObject.class::cast)
                .map(component -> component.getString("name"))
                .toList();
        try (Stream<Path> jars = Files.list(program.resolve("lib"))) {
            List<String> unnamed = jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> named.stream().noneMatch(jar::startsWith))
                    .toList();
            assertEquals(List.of(), unnamed);
        }
    }

    @Test
    void ofEveryJarItHasTheTextOfALicence() throws IOException {
        JsonArray components =
                new JsonObject(Files.readString(program.resolve("sbom.json"))).getJsonArray("components");
        try (Stream<Path> jars = Files.list(program.resolve("lib"))) {
            List<Path> without = jars.filter(jar -> !hasText(jar) && !isCovered(jar, components))
                    .toList();
            assertEquals(List.of(), without);
        }
    }

    private static boolean hasText(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().matches("META-INF/LICENSE(\\.\\w+)?"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isCovered(Path jar, JsonArray components) {
        return components.stream()
                .map(JsonObject.class::cast)
                .filter(component -> jar.getFileName()
                        .toString()
                        .startsWith(component.getString("name") + "-" + component.getString("version")))
                .flatMap(component -> component.getJsonArray("licenses").stream())
                .map(licence -> ((JsonObject) licence).getJsonObject("license").getString("id"))
                .anyMatch(id -> Files.exists(program.resolve("licences/" + id + ".txt")));
    }

    @Test
    void itsUnitGivesItLongerToStopThanItNeedsAndStartsItAgainWhenItDies() throws IOException {
        List<String> unit = Files.readAllLines(program.resolve("deploy/systemd/caching-service.service"));
        assertTrue(unit.contains("Restart=on-failure"));
        int stopSeconds = unit.stream()
                .filter(line -> line.startsWith("TimeoutStopSec="))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf('=') + 1)))
                .findFirst()
                .orElseThrow();
        assertTrue(stopSeconds >= STOP_SECONDS + 20, "for the aborts behind it");
    }

    @Test
    void itsUnitIsOneThatSystemdTakes() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd here");
        String unit = Files.readString(program.resolve("deploy/systemd/caching-service.service"));
        Path verified = folder.resolve("caching-service.service");
        Files.writeString(verified, unit.replace("/opt/caching-service/caching-service", "/bin/true"));
        Ended ended = shell(Map.of(), "systemd-analyze verify '" + verified + "'");
        assertEquals("", ended.err());
        assertEquals(0, ended.code());
    }
}
