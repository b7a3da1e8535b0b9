package us.kbase.caching.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Scripts in a folder, with an environment that holds nothing but what the test says. What a test does to files it says this way:
 * a path of bytes that are no text in the locale of the tests cannot be named in Java.
 */
final class Shell {

    private static final int SECONDS_MAX = 60;

    private final Path folder;
    private final Map<String, String> environment;

    /** {@code PROJECT} names the project's folder to the scripts. */
    Shell(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = new HashMap<>(environment);
        this.environment.put("PROJECT", Path.of("").toAbsolutePath().toString());
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

    /** Runs a script to its end. */
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

    private Process start(String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-eu", "-c", script)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String text(String file) throws IOException {
        return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
    }

    /** Passes over a test that needs mounts of its own where the system does not allow them. */
    void assumeMounts() {
        assumeTrue(run("unshare -rm true").code() == 0, "no mounts of one's own here");
    }
}
