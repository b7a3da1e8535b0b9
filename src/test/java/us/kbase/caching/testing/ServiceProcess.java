package us.kbase.caching.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built launcher as a process of its own, with an environment that holds nothing but what the test says. */
public final class ServiceProcess implements AutoCloseable {

    /** The launcher beside the jar that was packaged for integration tests, as in an image: it builds nothing. */
    public static final Path LAUNCHER = Installation.make(Path.of("target/installation"));

    private static final int ANSWER_MILLIS_MAX = 5_000;
    private static final int SECONDS_MAX = Integer.getInteger("process.seconds", 60);
    private static final int PREPARATION_SECONDS_MAX = 180;
    private static final Pattern LISTENS = Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+)");

    /** How a process ended and what it said. */
    public record Ended(int code, String out, String err) {}

    private final Process process;
    private final Path out;
    private final Path err;

    private ServiceProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Runs the launcher in that folder, behind other words such as {@code prlimit --nofile=64} where there are some. */
    public static ServiceProcess start(
            Path folder, Map<String, String> environment, List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(LAUNCHER.toString());
        command.addAll(List.of(arguments));
        return command(folder, environment, command);
    }

    public static ServiceProcess start(Path folder, Map<String, String> environment, String... arguments) {
        return start(folder, environment, List.of(), arguments);
    }

    /** The launcher's first start makes its start-up cache, which takes longer than a test waits for a start. */
    private static final class Prepared {
        private static final int CODE = prepared();

        private static int prepared() {
            List<String> rehearse = List.of(LAUNCHER.toString(), "rehearse");
            try (ServiceProcess process = begin(Path.of("."), Map.of(), rehearse)) {
                process.process.waitFor(PREPARATION_SECONDS_MAX, TimeUnit.SECONDS);
                return process.process.exitValue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Any command in that folder. */
    public static ServiceProcess command(Path folder, Map<String, String> environment, List<String> command) {
        if (Prepared.CODE != 0) {
            throw new AssertionError("the launcher cannot be prepared: " + Prepared.CODE);
        }
        return begin(folder, environment, command);
    }

    private static ServiceProcess begin(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path printed = TestFolders.create("printed");
            Path out = printed.resolve("out.txt");
            Path err = printed.resolve("err.txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            Map<String, String> clean = new HashMap<>(Map.of(
                    "PATH", System.getenv("PATH"), "HOME", System.getProperty("user.home"), "CACHING_HTTP_PORT", "0"));
            clean.putAll(environment);
            builder.environment().clear();
            builder.environment().putAll(clean);
            return new ServiceProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a gateway answers 200 there; one that takes the question and is silent does not. */
    public static boolean answers(int port, String path) {
        try {
            URLConnection asked =
                    URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
            asked.setReadTimeout(ANSWER_MILLIS_MAX);
            asked.getContent();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Runs a command to its end. */
    public static Ended run(Path folder, Map<String, String> environment, String... arguments) {
        try (ServiceProcess process = start(folder, environment, arguments)) {
            return process.ended();
        }
    }

    /** The port that {@code serve} listens on, once it says so. */
    public int port() {
        return Integer.parseInt(said(LISTENS).group(1));
    }

    /** The first place where the pattern stands in what the process wrote, once it does. */
    public Matcher said(Pattern pattern) {
        Matcher[] found = new Matcher[1];
        Await.until("'" + pattern + "' from the process", () -> {
            Matcher matcher = pattern.matcher(out() + err());
            boolean matches = matcher.find();
            found[0] = matcher;
            if (!matches && !process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + out() + err());
            }
            return matches;
        });
        return found[0];
    }

    public String out() {
        return text(out);
    }

    public String err() {
        return text(err);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Sends {@code TERM}, {@code INT} or {@code KILL}. */
    public void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for the end. */
    public Ended ended() {
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + SECONDS_MAX + " s: " + out() + err());
            }
            return new Ended(process.exitValue(), out(), err());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Of every process of a test run, so that all can be looked through for secrets (.ci/canaries). */
    private void keepLog() throws IOException {
        Path logs = Files.createDirectories(Path.of("target/gateway-logs"));
        Path kept = logs.resolve(ProcessHandle.current().pid() + ".txt");
        for (Path said : List.of(out, err)) {
            Files.write(kept, Files.readAllBytes(said), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            keepLog();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
