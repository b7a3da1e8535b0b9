package us.kbase.caching.cli.run;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * A command that is run in our place: same streams, same signals, same exit code. It gets a process group of its own by
 * {@code setsid}, where the system has that, and a signal that comes to us goes on to the whole group: so it reaches what a shell
 * script started, once. Without {@code setsid} it goes to the command alone.
 */
final class ChildProcess {

    private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP");
    private static final String SETSID = "setsid";
    private static final String CALLERS_LC_ALL = "CALLERS_LC_ALL";

    private final List<String> command;
    private final Optional<Path> output;

    /** A command whose standard output is ours, or goes into that file. */
    ChildProcess(List<String> command, Optional<Path> output) {
        this.command = command;
        this.output = output;
    }

    /** Tells whether there is such a command: otherwise nothing needs to be asked for. */
    static boolean exists(String name) {
        return name.contains("/") ? Files.isExecutable(Path.of(name)) : find(name);
    }

    private static boolean find(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path file = Path.of(folder).resolve(name);
            if (Files.isExecutable(file) && Files.isRegularFile(file)) {
                return true;
            }
        }
        return false;
    }

    /** Runs it to its end and returns its exit code, 128 + n after signal n. */
    int run() throws IOException, InterruptedException {
        boolean grouped = find(SETSID);
        CompletableFuture<Optional<Process>> begun = new CompletableFuture<>();
        Map<String, SignalHandler> before = new HashMap<>();
        // Before there is a process: a signal that comes now waits for it.
        FORWARDED.forEach(name -> before.put(
                name, handle(name, signal -> begun.join().ifPresent(process -> forward(name, process, grouped)))));
        try {
            Process process = builder(grouped).start();
            begun.complete(Optional.of(process));
            return process.waitFor();
        } finally {
            begun.complete(Optional.empty());
            before.forEach(ChildProcess::handle);
        }
    }

    private ProcessBuilder builder(boolean grouped) {
        List<String> words = new ArrayList<>(grouped ? List.of(SETSID) : List.of());
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
        output.ifPresent(file -> builder.redirectOutput(file.toFile()));
        restoreLocale(builder.environment());
        return builder;
    }

    /** The launcher gives Java a locale of its own, and notes the one that was set. */
    private static void restoreLocale(Map<String, String> environment) {
        String callers = environment.remove(CALLERS_LC_ALL);
        if (callers != null) {
            environment.put("LC_ALL", callers);
            if (callers.isEmpty()) {
                environment.remove("LC_ALL");
            }
        }
    }

    @CanIgnoreReturnValue
    private static SignalHandler handle(String name, SignalHandler handler) {
        return Signal.handle(new Signal(name), handler);
    }

    /** A group begins to exist a moment after its first process. */
    private static void forward(String name, Process process, boolean grouped) {
        String one = "kill -s " + name + " -- " + process.pid();
        String all = "kill -s " + name + " -- -" + process.pid();
        try {
            new ProcessBuilder("sh", "-c", grouped ? all + " 2>/dev/null || " + one : one)
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            process.destroy();
        }
    }
}
