package us.kbase.caching.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A folder with a checkout of the real launcher, a program of one line, and stand-ins for Maven and Java: {@code checkout/}, {@code
 * bin/mvn}, {@code jdk/}, {@code home/}. What a test does there it says as a shell script, for a path of bytes that are no text in
 * the locale of the tests cannot be named in Java.
 */
final class StandIns {

    private static final int SECONDS_MAX = 30;

    /** Words before a command that make its user one who may not write what the test's user wrote. */
    static final String ANOTHER_USER =
            isRoot() ? "setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=\"$PWD/nobody\" " : "";

    private final Path folder;

    StandIns(Path folder) throws IOException {
        this.folder = folder;
        // Another user passes through the folder to what is in it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        script("""
                mkdir -p home nobody bin jdk/bin jre/bin old/bin checkout/src/main/java checkout/conf checkout/stress/src/main/java
                if [ "$(id -u)" = 0 ]; then chown 65534 nobody; fi
                cp -R "$PROJECT/caching-service" "$PROJECT/launcher" checkout
                cp "$PROJECT"/stress/stress "$PROJECT"/stress/siege checkout/stress
                echo one >checkout/src/main/java/Program.java
                echo stress >checkout/stress/src/main/java/Program.java
                echo '<project/>' | tee checkout/pom.xml >checkout/stress/pom.xml
                echo 'JAVA_VERSION="25.0.3"' | tee jdk/release >jre/release
                echo 'JAVA_VERSION="17.0.1"' >old/release
                """);
        for (String java : List.of("jdk/bin/java", "jdk/bin/javac", "jre/bin/java", "old/bin/java")) {
            executable("java", java);
        }
        executable("mvn", "bin/mvn");
    }

    private void executable(String resource, String to) throws IOException {
        try (InputStream script = Objects.requireNonNull(getClass().getResourceAsStream("/launcher/" + resource))) {
            Path file = folder.resolve(to);
            Files.copy(script, file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** How a script ended and what it said. */
    record Ended(int code, String out, String err) {

        /** Fails unless the text stands somewhere on standard output. */
        Ended prints(String text) {
            assertTrue(out.contains(text), "does not print '" + text + "': " + this);
            return this;
        }

        Ended doesNotPrint(String text) {
            assertTrue(!out.contains(text), "prints '" + text + "': " + this);
            return this;
        }

        Ended says(String text) {
            assertTrue(err.contains(text), "does not say '" + text + "': " + this);
            return this;
        }

        /** Fails unless one sentence, of the launcher, is all that was said. */
        Ended saysOnly(String pattern) {
            assertTrue(err.matches("(caching-service|stress): " + pattern + "\n"), "says something else: " + this);
            return this;
        }

        Ended isSilent() {
            assertTrue(err.isEmpty(), "says something: " + this);
            return this;
        }

        Ended endsWith(int expected) {
            assertTrue(code == expected, "ends with something else than " + expected + ": " + this);
            return this;
        }
    }

    /** Runs a script in the folder, to its end. */
    Ended run(String script) {
        try {
            Process process = start(script);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("still running after " + SECONDS_MAX + " s: " + script);
            }
            return new Ended(process.exitValue(), text("out"), text("err"));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The same for a script that must end well and whose words are of no interest. */
    void script(String script) {
        run(script).endsWith(0);
    }

    private Process start(String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-eu", "-c", script)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of(
                "PATH", folder.resolve("bin") + ":" + System.getenv("PATH"),
                "HOME", folder.resolve("home").toString(),
                "JAVA_HOME", folder.resolve("jdk").toString(),
                "LC_ALL", "C.UTF-8",
                "BUILDS", folder.resolve("builds").toString(),
                "PROJECT", Path.of("").toAbsolutePath().toString()));
        return builder.start();
    }

    private String text(String file) throws IOException {
        return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
    }

    /** Passes over a test that needs mounts of its own where the system does not allow them. */
    void assumeMounts() {
        assumeTrue(run("unshare -rm true").code() == 0, "no mounts of one's own here");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
